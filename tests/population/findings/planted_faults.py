"""For every claim about single networks: an ideal population, a fault, and what may be lacking."""

import numpy as np

from rnnpipe.population.findings.continuous_attractors import judge_contexts, judge_ring
from rnnpipe.population.findings.ends import judge_ends
from rnnpipe.population.findings.every_task import judge_generalisation, judge_training
from rnnpipe.population.findings.memory import judge_memory
from rnnpipe.population.findings.oscillation import judge_oscillation
from rnnpipe.population.findings.timing import judge_timing
from tests.population.findings.claim import (
    Claim,
    both,
    moved_later,
    replaced,
    twice,
    without,
)
from tests.population.findings.ideal_networks import (
    SINE,
    Change,
    flipflops,
    integrators,
    integrators_of_context,
    oscillators,
    timers,
)


def _memories(number: str, **faults: Change) -> Claim:
    return Claim(number, flipflops, judge_memory, faults)


def _rings(**faults: Change) -> Claim:
    return Claim("F3", integrators, judge_ring, faults)


def _sines(number: str, **faults: Change) -> Claim:
    return Claim(number, oscillators, judge_oscillation, faults)


def _timers(number: str, **faults: Change) -> Claim:
    return Claim(number, timers, judge_timing, faults)


def _contexts(number: str, **faults: Change) -> Claim:
    return Claim(number, integrators_of_context, judge_contexts, faults)


# Of the two bits' patterns, point 0 holds (-1, -1), 2 (-1, 1), 6 (1, -1) and 8 (1, 1); the
# points 1, 3, 5 and 7 lie between two of them, and 4 in the middle.
_AS_POINT_8 = replaced("fixed_points", "readout", lambda _: np.array([0.9, 0.9]), point=0)
_NO_POINTS = without("fixed_points", "attractors", "stability", "edges")
_SLOW = replaced("fixed_points", "kind", "slow")
_ONE_INPUT = {"probe": next(iter(SINE.probes()))}
_NO_POINT_UNDER_ONE_INPUT = without("fixed_points", "stability", **_ONE_INPUT)
_NO_CYCLE_UNDER_ONE_INPUT = both(
    replaced("attractors", "rotation", np.nan, **_ONE_INPUT),
    replaced("attractors", "kind", "fixed", **_ONE_INPUT),
)
_UNNAMED = replaced("attractors", "visited", lambda runs: runs - 1)
_NO_RUNS = without("attractors", "ends")
_IN_ONE = {"probe": "context2"}
_NONE_IN_ONE = without("fixed_points", "stability", "responses", **_IN_ONE)
_AS_IN_CONTEXT_1 = replaced(
    "responses", "input_gain", lambda _: np.array([1.0, 0.1, 0.0, 0.0]), **_IN_ONE
)

CLAIMS = (
    Claim(
        "T",
        flipflops,
        judge_training,
        {
            "too low a score": replaced("training", "score", 0.98),
            "lacking: no score": replaced("training", "score", np.nan),
        },
    ),
    _memories(
        "F2a",
        **{
            "as many stable points, two of one pattern": _AS_POINT_8,
            "a readout too far from its pattern": replaced(
                "fixed_points", "readout", lambda _: np.array([-0.9, -0.49]), point=0
            ),
            "a memory that is marginal": replaced("stability", "class", "marginal", point=0),
            "a cycle in a memory's place": replaced("fixed_points", "kind", "cycle", point=0),
            "a readout of too high a level": replaced(
                "fixed_points", "readout", lambda _: np.array([-0.9, -1.5]), point=0
            ),
            "lacking: one memory": without("fixed_points", "stability", point=0),
            "lacking: no points": _NO_POINTS,
        },
    ),
    _memories(
        "F2b",
        **{
            "one saddle with another mode": replaced("stability", "unstable", 2, point=1),
            "lacking: no points": _NO_POINTS,
            "lacking: slow points alone": _SLOW,
        },
    ),
    _memories(
        "F2c",
        **{
            "one saddle whose noise is lost": replaced("edges", "to", -1, **{"from": 1}),
            "one saddle whose noise goes one way": replaced("edges", "to", 0, **{"from": 1}),
            "one saddle whose noise goes across": replaced("edges", "to", 8, **{"from": 1}),
            "lacking: no saddles": without("fixed_points", "stability", point=[1, 3, 5, 7]),
            "lacking: no transitions": without("edges"),
        },
    ),
    _memories(
        "F2d",
        **{
            "one pulse that leads astray": replaced(
                "edges", "to", 8, **{"from": 0, "to": 2, "kind": "input"}
            ),
            "one memory too far from its pattern": replaced(
                "attractors", "readout", lambda _: np.array([-0.9, -0.49]), node=0
            ),
            "a memory that drifts": replaced("attractors", "kind", "slow", node=0),
            "lacking: no memories": _NO_POINTS,
            "lacking: no pulses": without("edges", kind="input"),
        },
    ),
    _rings(
        **{
            "the heading goes round twice": replaced("continua", "turns", 2.0),
            "a torn ring": replaced("continua", "kind", "arc"),
            "a line": replaced("continua", "kind", "line"),
            "a ring that repels": replaced("continua", "nature", "repelling"),
            "a ring that leaks": replaced("continua", "nature", "leak"),
            "a second ring": twice("continua", continuum=1),
            "a line beside the ring": twice("continua", continuum=1, kind="line"),
            "lacking: no curve": without("continua"),
        },
    ),
    _sines(
        "F4a",
        **{
            "two points under one input": both(
                twice("fixed_points", point=1), twice("stability", point=1)
            ),
            "lacking: no point under one input": _NO_POINT_UNDER_ONE_INPUT,
            "lacking: slow points alone": _SLOW,
        },
    ),
    _sines(
        "F4b",
        **{
            "another growing mode under one input": replaced(
                "stability", "unstable", 3, **_ONE_INPUT
            ),
            "a real eigenvalue under one input": replaced(
                "stability", "frequency", 0.0, **_ONE_INPUT
            ),
            "lacking: no point under one input": _NO_POINT_UNDER_ONE_INPUT,
        },
    ),
    _sines(
        "F4c",
        **{
            "the same angle under all inputs": replaced("stability", "frequency", 0.05),
            "lower angles under higher inputs": replaced(
                "stability", "frequency", lambda frequency: 0.2 - frequency
            ),
            "lacking: no point under one input": _NO_POINT_UNDER_ONE_INPUT,
            "lacking: a stable point under one input": replaced(
                "stability", "unstable", 0, **_ONE_INPUT
            ),
        },
    ),
    _sines(
        "F4d",
        **{
            "angles that are too large": replaced(
                "stability", "frequency", lambda frequency: frequency + 0.06 / (2 * np.pi)
            ),
            "lacking: no point under one input": _NO_POINT_UNDER_ONE_INPUT,
        },
    ),
    _sines(
        "F4e",
        **{
            "the same frequency under all inputs": replaced("attractors", "rotation", 0.05),
            "slower under higher inputs": replaced(
                "attractors", "rotation", lambda rotation: 0.2 - rotation
            ),
            "lacking: a stable point under one input": _NO_CYCLE_UNDER_ONE_INPUT,
            "lacking: chaos under one input": replaced(
                "attractors", "kind", "chaotic", **_ONE_INPUT
            ),
            "lacking: no attractors": without("attractors"),
        },
    ),
    _sines(
        "F4f",
        **{
            "limit cycles that are too fast": replaced(
                "attractors", "rotation", lambda rotation: rotation + 0.06 / (2 * np.pi)
            ),
            "lacking: a stable point under one input": _NO_CYCLE_UNDER_ONE_INPUT,
            "lacking: no attractors": without("attractors"),
        },
    ),
    Claim(
        "F7",
        oscillators,
        judge_ends,
        {
            "one run under each input that ends nowhere": _UNNAMED,
            "a drift that goes on under one input": replaced(
                "attractors", "kind", "slow", **_ONE_INPUT
            ),
            "lacking: no runs": _NO_RUNS,
            "lacking: no runs under one input": without("attractors", "ends", **_ONE_INPUT),
        },
    ),
    _timers(
        "F11a",
        **{
            "the same interval whatever was given": moved_later(lambda given: 20 - given),
            "a response 20 steps early to the longer half": moved_later(
                lambda given: -20 * (given > 20)
            ),
            "lacking: no response": replaced("trajectories", "output", lambda _: np.zeros(1)),
            "lacking: no trials": without("trajectories"),
        },
    ),
    _timers(
        "F11b",
        **{
            "a response two steps late": moved_later(lambda given: 2),
            "lacking: no response": replaced("trajectories", "output", lambda _: np.zeros(1)),
            "lacking: no trials": without("trajectories"),
        },
    ),
    _timers(
        "F11c",
        **{
            "a limit cycle at rest": replaced("attractors", "kind", "limit cycle"),
            "one run that does not come to rest": _UNNAMED,
            "lacking: no runs": _NO_RUNS,
        },
    ),
    _contexts(
        "F5a",
        **{
            "a mode that decays in one context": replaced("responses", "re", 0.96, **_IN_ONE),
            "a mode that grows in one context": replaced("responses", "re", 1.04, **_IN_ONE),
            "lacking: no points in one context": _NONE_IN_ONE,
            "lacking: no modes in one context": without("responses", **_IN_ONE),
        },
    ),
    _contexts(
        "F5b",
        **{
            "the same stream in both contexts": _AS_IN_CONTEXT_1,
            "one point that takes in the other stream": replaced(
                "responses", "input_gain", lambda _: np.array([1.0, 0.1, 0, 0]), point=0, **_IN_ONE
            ),
            "lacking: no points in one context": _NONE_IN_ONE,
            "lacking: one point without modes": without("responses", point=0, **_IN_ONE),
        },
    ),
    _contexts(
        "F5c",
        **{
            "half of the other stream in one context": replaced(
                "responses", "input_gain", lambda _: np.array([0.5, 1.0, 0, 0]), **_IN_ONE
            ),
            "lacking: no points in one context": _NONE_IN_ONE,
            "lacking: nothing of either stream": replaced(
                "responses", "input_gain", lambda _: np.zeros(4), **_IN_ONE
            ),
        },
    ),
    Claim(
        "B",
        oscillators,
        judge_generalisation,
        {
            "a low score on the longest trials": replaced("behaviour", "score", 0.5, level=4.0),
            "lacking: no score": replaced("behaviour", "score", np.nan),
            "lacking: no longest trials": without("behaviour", level=4.0),
        },
    ),
)
