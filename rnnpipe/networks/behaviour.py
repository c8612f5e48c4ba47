"""Trained networks on more than they were trained for: longer trials, unseen values, noise."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from rnnpipe.networks.stack import NetworkStack
from rnnpipe.settings.sections.analysis import BehaviourSettings
from rnnpipe.streams import stream
from rnnpipe.tasks import Task, Trials


@dataclass(frozen=True)
class Setting:
    """Trials on which all networks of a task are scored.

    Attributes
    ----------
    name
        ``trained``, ``longer``, ``unseen`` or ``noise``.
    level
        Length relative to training; noise relative to the inputs; otherwise NaN.
    task
        The task that scores the outputs.
    trials
        The trials, against which outputs are scored.
    inputs
        (trial, time, input), the inputs that networks see: those of the trials, perhaps with noise.
    """

    name: str
    level: float
    task: Task
    trials: Trials
    inputs: np.ndarray


def settings_of(task: Task, name: str, behaviour: BehaviourSettings) -> Iterator[Setting]:
    """The settings that a task offers, the longest trials last.

    Parameters
    ----------
    task
        The task as trained.
    name
        Its name, to which the trials belong.
    """
    held_out, count, seed = task.part("test"), behaviour.trials, behaviour.seed
    trials = held_out.sample(count, stream(seed, "behaviour trials", name))
    for level in behaviour.noise:
        rng = stream(seed, f"behaviour noise {level}", name)
        inputs = with_noise(trials.inputs, level, rng)
        yield Setting("noise", level, held_out, trials, inputs)
    if (unseen := task.unseen()) is not None:
        drawn = unseen.sample(count, stream(seed, "behaviour unseen", name))
        yield Setting("unseen", float("nan"), unseen, drawn, drawn.inputs)
    yield Setting("trained", float("nan"), held_out, trials, trials.inputs)
    for times in sorted(behaviour.longer):
        if (longer := task.longer(times)) is not None:
            drawn = longer.sample(count, stream(seed, f"behaviour longer {times}", name))
            yield Setting("longer", times, longer, drawn, drawn.inputs)


def with_noise(inputs: np.ndarray, level: float, rng: np.random.Generator) -> np.ndarray:
    """Inputs (trial, time, input) with white noise of sd `level` times their root mean square.

    Channels that are never used stay silent.
    """
    used = np.abs(inputs).max((0, 1)) > 0
    sd = level * np.sqrt(np.square(inputs[..., used]).mean()) if used.any() else 0.0
    return (inputs + sd * used * rng.standard_normal(inputs.shape)).astype(np.float32)


@torch.no_grad()
def outputs_on(networks: NetworkStack, inputs: np.ndarray) -> np.ndarray:
    """Outputs (network, trial, time, output) on inputs (trial, time, input), in float64.

    As many networks run at once as there is memory for their states.
    """
    networks = networks.double()
    x = torch.from_numpy(inputs).to(networks.raw).transpose(0, 1)
    groups = (networks.select(rows) for rows in networks.groups(x[..., 0].numel()))
    runs = (group.run(x.expand(len(group), -1, -1, -1)) for group in groups)
    return np.concatenate([run.outputs.transpose(1, 2).cpu().numpy() for run in runs])


def scores(task: Task, outputs: np.ndarray, trials: Trials) -> np.ndarray:
    """Score (network,) of outputs (network, trial, time, output); NaN where they are not finite."""
    return np.array(
        [task.score(own, trials) if np.isfinite(own).all() else np.nan for own in outputs]
    )
