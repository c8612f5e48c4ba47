"""Trials of many networks drawn on the device that trains them.

They are the trials that the tasks' own `sample` draws from the same streams, so that a
network's data do not depend on where it trains. Tasks that are not named here are drawn on
the host and copied.
"""

from collections.abc import Callable, Mapping
from math import pi

import torch
from torch import Tensor

from rnnpipe.networks.stack import Batch
from rnnpipe.tasks import FlipFlop, Integrator, Task, Trials
from rnnpipe.training.pcg64 import Streams

Sampler = Callable[[Task, int, Streams], Batch | None]


def device_sampler(task: Task) -> Sampler | None:
    """What draws a task's trials on a device: (task, trials, streams) -> batch.

    It gives ``None`` where a stream has come upon a number that NumPy draws again, which
    happens less than once in a hundred million numbers. A task without one gets ``None``.
    """
    if isinstance(task, Integrator) and (task.noise > 0 or task.encoding != "vector"):
        return None
    return SAMPLERS.get(type(task).sample)


def flipflop_trials(task: FlipFlop, trials: int, streams: Streams) -> Batch:
    """`FlipFlop.sample` of every network's stream."""
    shape = (-1, task.time, trials, task.inputs)
    count = task.time * trials * task.inputs
    pulsing = streams.random32(count).view(shape) < task.probability
    pulsing[:, 0] = True
    signs = streams.signs(count).view(shape).float() * 2 - 1
    targets = held(signs, pulsing)
    return signs * pulsing, targets, torch.ones_like(targets)


def integrator_trials(task: Integrator, trials: int, streams: Streams) -> Batch | None:
    """`Integrator.sample` of every network's stream, of headings as cosine and sine."""
    shape = (-1, task.time, trials, task.angles)
    count = task.time * trials * task.angles
    renewed = streams.random32(count).view(shape) < task.redraw
    renewed[:, 0] = True
    number, refused = streams.integers(len(task.speeds), count)
    speeds = torch.tensor(task.speeds, dtype=torch.float32, device=number.device)
    velocity = held(speeds[number].view(shape), renewed)
    heading = velocity.double().cumsum(1)
    cue = velocity.new_zeros(*velocity.shape[:3], task.inputs - task.angles)
    if task.start == "cued":
        first = streams.random64(trials * task.angles).view(-1, 1, trials, task.angles)
        first = 2 * pi * first - pi
        heading = heading + first
        cue[:, 0] = _circle(first[:, 0])
    targets = _circle(heading).float()
    if bool(refused.any()):
        return None
    return torch.cat([velocity, cue], dim=-1), targets, torch.ones_like(targets)


# By what draws the same trials on the host: a task that draws others has none.
SAMPLERS: Mapping[Callable[..., Trials], Sampler] = {
    FlipFlop.sample: flipflop_trials,
    Integrator.sample: integrator_trials,
}


def held(values: Tensor, renewed: Tensor) -> Tensor:
    """Each value (network, time, ...) kept until the next renewal; all are renewed at time 0."""
    time = torch.arange(values.shape[1], device=values.device)
    time = time.view(1, -1, *[1] * (values.ndim - 2))
    latest = torch.where(renewed, time, 0).cummax(1).values
    return values.gather(1, latest)


def _circle(heading: Tensor) -> Tensor:
    """Cosine and sine side by side, (..., angle) -> (..., 2 angle)."""
    return torch.stack([heading.cos(), heading.sin()], dim=-1).flatten(-2)
