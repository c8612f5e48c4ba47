"""Check mutated experiment files: each is refused by name or accepted, in time and memory.

``python -m tests.settings.mutated_files FOLDER FIRST COUNT`` does so in a process of its own,
so that its memory can be told, and writes one line of JSON per file: its seed, whether it was
accepted, the seconds and what was said. The files are left in the folder.
"""

import json
import os
import re
import signal
import sys
import time
import traceback
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from rnnpipe.commands.main import main
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import load_experiment
from tests.helpers.mutations import mutated
from tests.helpers.own_files import write_class, write_trials
from tests.helpers.plans import every_setting
from tests.helpers.torch_networks import save_networks

CONFIG = Path(__file__).parents[2] / "config"
MOST_SECONDS, MOST_BYTES = 5, 10**9
# Jobs of the accepted files whose settings are all written out and read again.
MOST_JOBS = 300

# Every section, and files of the user's own.
EVERYTHING = """\
experiment: everything
seeds: [0, "2-3"]
tasks:
  flipflop: {bits: 1, probability: 0.2, time: 12, solved: 0.9}
  ring: {kind: integrator, encoding: angle, angles: 1, speeds: [-0.3, 0.3], redraw: 0.05,
    noise: 0.01, start: cued, time: 12, probes: {turn: {speed: [-0.3, 0.3, 5]}, rest: {0: 0}}}
  sinewave: {frequencies: 5, time: 20, training: {steps: 30, stop: {score: 0.99}}}
  context: {drift: 0.5, noise: 0.5, gain: 0.08, time: 10}
  decision: {coherences: [0.1, 0.5], noise: 0.2, stimulus: 5, delay: [0, 3], response: 5}
  match: {items: 3, encoding: ring, sample: 2, test: 2, delay: [1, 3], response: 4, fixation: 2}
  antisaccade: {directions: 4, stimulus: 3, delay: [0, 2], response: 4, solved: 20}
  interval: {intervals: [4, 9], spacing: 1, pulse: 2, second: held, wait: [1, 3], rest: 2}
  recorded: {kind: file, path: trials.npz, held_out: 0.3, condition: circular}
  delay: {kind: "mytasks.py:Delay", delay: 3, time: 9, solved: 0.8}
models:
  tanh8: {cell: vanilla, activation: tanh, units: 8, gain: 0.9}
  ctrnn8: {cell: ctrnn, activation: relu, units: 8, alpha: 0.5, noise: 0.01}
  lstm8: {cell: lstm, units: 8, training: {clip: 0.5}}
  mine: {cell: gru, units: 6, from: "networks/{seed}.pt"}
  rates: {cell: ctrnn, units: 6, dt: 1, tau: 5, from: "rates.npz", arrays: {m: m, n: n, input: null,
    output: null, bias: b, transposed: [m], divided: [recurrent], stacked: true}}
grid: {cell: [leaky, gru], units: [8], l2: [0, 1e-5]}
constraints:
  none: {}
  dale: {autapses: false, dale_ratio: 0.75, density: 0.5}
  masked: {mask: mask.npy}
  regions:
    regions: [{name: A, fraction: 0.5, dale_ratio: 0.5}, {name: B, fraction: 0.5, density: 0.9}]
    projections: [{from: A, to: B, probability: 0.5, from_cells: excitatory}]
    inputs: {A: all}
    outputs: {B: [0]}
exclude:
  - {model: mine, constraint: dale}
  - {model: mine, constraint: masked}
  - {model: mine, constraint: regions}
  - {model: rates, constraint: dale}
  - {model: rates, constraint: masked}
  - {model: rates, constraint: regions}
training:
  steps: 20
  trials: 8
  learning_rate: 0.01
  schedule: {kind: multi_step, milestones: [0.5, 19], factor: 0.5}
  validation: {every: 5, trials: 8}
  initial_state: learned
  train: [input, recurrent, bias, output]
overrides: [{task: ring, cell: lstm, training: {steps: 30, schedule: cosine}}]
harvest: {trials: 8, kept: 4, seed: 1}
loadings: {populations: 2, draws: 2, times: [1, 2], trials: 8, seed: 1}
branches: {searches: 2, mixtures: 16, box: 16, rounds: 2, step: 0.1, steps: 50}
fixed_points: {mixtures: 16, box: 16, modes: 1, rounds: 2, most_starts: 1000, tolerance: 1e-16,
  merge: 1e-3}
attractors: {visited: 8, box: 4, steps: 200, longest_period: 2, exponent_steps: 50}
continua: {starts: 8, step: 0.1}
stability: {tolerance: 1e-3, vectors: 2, lags: 5, kept: 4}
graph: {size: 0.03, steps: 20, perturbations: 2}
behaviour: {trials: 8, longer: [2], noise: [0.1], kept: 2, seed: 0}
similarity: {metrics: [cka, topology], components: 2, samples: 64, permutations: 9}
figures: {examples: 1, trials: 4, dpi: 50}
scenes: {networks: 1, colour: time, trials: 4, width: 600}
compute: {seeds_per_job: 2, threads: 1, device: cpu}
"""
# A smaller one, most of whose mutants are small enough to run.
LITTLE = """\
experiment: little
seeds: 0-1
tasks:
  flipflop: {bits: 1, probability: 0.2, time: 12, probes: {zero: {}, push: {bit1: [-1, 1, 3]}}}
  delay: {kind: "mytasks.py:Delay", delay: 3, time: 9, solved: 0.8}
models: {m: {cell: vanilla, units: 6}}
constraints: {none: {}, dale: {dale_ratio: 0.5}}
training: {steps: 4, trials: 4, validation: {every: 2, trials: 4}}
harvest: {trials: 8, kept: 4}
branches: {searches: 2, mixtures: 16, box: 16, rounds: 2, steps: 50}
fixed_points: {mixtures: 16, box: 16, modes: 1, rounds: 2}
attractors: {visited: 8, box: 4, steps: 200, longest_period: 2, exponent_steps: 50}
continua: {starts: 8, step: 0.1}
stability: {vectors: 2, lags: 5, kept: 4}
graph: {steps: 20, perturbations: 2}
behaviour: {trials: 8, longer: [2], noise: [0.1], kept: 2}
compute: {seeds_per_job: 2}
"""


def sources() -> list[str]:
    """The texts of all shipped experiment files, and of the two above."""
    shipped = (path.read_text() for path in sorted(CONFIG.glob("*.yaml")))
    return [*shipped, EVERYTHING, LITTLE, LITTLE]


def write_own_files() -> None:
    """Write what `EVERYTHING` and `LITTLE` name into the working directory."""
    write_class()
    write_trials()
    np.save("mask.npy", np.ones((8, 8)))
    np.savez("rates.npz", m=np.ones((4, 1, 6)), n=np.ones((4, 6, 1)), b=np.ones((4, 6)))
    save_networks(Path("networks"), range(4), cell="gru", inputs=2, units=6, outputs=1)


class TooSlow(BaseException):
    """Raised where a check takes too long: no handler of exceptions takes it for its own."""


def _stop(*_: object) -> None:
    raise TooSlow


def check(file: Path) -> dict[str, object]:
    """Check a file as a user does; say how it ended, in how many seconds, and with which words."""
    started = time.perf_counter()
    signal.setitimer(signal.ITIMER_REAL, 2 * MOST_SECONDS)
    try:
        result = CliRunner().invoke(main, ["check", str(file)])
        error, words = result.exception, result.output
        accepted = error is None
        if error is not None and not isinstance(error, SystemExit):
            words = "".join(traceback.format_exception(error))
        elif accepted:
            words += _written_out(file)
        ended = "accepted" if accepted else "refused" if isinstance(error, SystemExit) else "broke"
    except TooSlow:
        ended, words = "broke", "took too long: " + "".join(traceback.format_exc())
    except Exception:
        ended, words = "broke", traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return {"ended": ended, "seconds": time.perf_counter() - started, "words": words}


def _written_out(file: Path) -> str:
    """Write out the settings of every job, of files with few."""
    plan = Plan(load_experiment(file))
    if len(plan.cohorts()) * len(plan.experiment.seeds) <= MOST_JOBS:
        return f"{len(every_setting(plan))} jobs"
    return ""


def peak_bytes() -> int:
    """The most memory that this process has held."""
    # What getrusage says begins with the peak of the process that started this one.
    peak = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return 1024 * int(peak[1])


def run(folder: str, first: int, count: int) -> None:
    """Check the mutants of `count` seeds from `first` on, in a folder, and print what was found."""
    os.chdir(folder)
    write_own_files()
    signal.signal(signal.SIGALRM, _stop)
    texts = sources()
    for seed in range(first, first + count):
        file = Path(f"{seed}.yaml")
        file.write_text(mutated(texts[seed % len(texts)], seed), errors="surrogatepass")
        found = {"seed": seed, **check(file), "bytes": peak_bytes()}
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
