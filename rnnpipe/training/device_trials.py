"""Trials of many networks drawn on the device that trains them, from NumPy's own streams.

They are the trials that a task's `sample` draws from the same streams, so that a
network's data do not depend on where it trains. Tasks without a sampler here are
drawn on the host and copied.

`Streams` is PCG64 with random access. The n-th state of a linear congruential generator
is a^n s + (1 + a + … + a^(n-1)) c, so that each number is a function of its place alone
(O'Neill 2014, HMC-CS-2014-0905, section 4.3.1), and a device can draw at once what NumPy
would draw one after another. Integers of 64 bits stand for unsigned ones: their sums and
products wrap as those of unsigned integers do.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from math import pi

import numpy as np
import torch
from torch import Tensor

from rnnpipe.networks.stack import Batch
from rnnpipe.tasks import FlipFlop, Integrator, Task, Trials

MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
MODULUS = 1 << 128
LOW = (1 << 32) - 1
SIGN = -(1 << 63)

# A number of 128 bits: its upper and its lower 64.
Wide = tuple[Tensor, Tensor]


class Streams:
    """PCG64 streams of several networks that draw in step.

    Parameters
    ----------
    generators
        NumPy's, one per network, all equally far along; they are not changed.
    device
        Device that draws the numbers.
    """

    def __init__(
        self, generators: Sequence[np.random.Generator], device: torch.device | str = "cpu"
    ) -> None:
        places = [generator.bit_generator.state for generator in generators]
        self.device = torch.device(device)
        self._state = [place["state"]["state"] for place in places]
        self._increment = [place["state"]["inc"] for place in places]
        # Upper halves of 64 bits whose lower halves have been drawn.
        self._spare: Tensor | None = None
        if places[0]["has_uint32"]:
            spare = [place["uinteger"] for place in places]
            self._spare = torch.tensor(spare, device=self.device)[:, None]

    def generators(self) -> list[np.random.Generator]:
        """NumPy's generators at the same places of the same streams."""
        networks = len(self._state)
        spare = [0] * networks if self._spare is None else self._spare[:, 0].tolist()
        made = []
        for state, increment, half in zip(self._state, self._increment, spare, strict=True):
            bits = np.random.PCG64()
            bits.state = {
                "bit_generator": "PCG64",
                "state": {"state": state, "inc": increment},
                "has_uint32": int(self._spare is not None),
                "uinteger": half,
            }
            made.append(np.random.Generator(bits))
        return made

    def uint64(self, count: int) -> Tensor:
        """The next numbers of 64 bits, (network, count)."""
        powers, series = _jumps(count)
        state, increment = (
            (high[:, None], low[:, None])
            for high, low in (_wide(part, self.device) for part in (self._state, self._increment))
        )
        high, low = _sum(
            _product(state, _wide(powers, self.device)),
            _product(increment, _wide(series, self.device)),
        )
        self._state = [
            (powers[-1] * s + series[-1] * c) % MODULUS
            for s, c in zip(self._state, self._increment, strict=True)
        ]
        # XSL-RR: the halves folded, then turned by the number in the top six bits.
        turn, folded = _shifted(high, 58), high ^ low
        return _shifted(folded, turn) | (folded << (64 - turn & 63))

    def uint32(self, count: int) -> Tensor:
        """The next numbers of 32 bits, (network, count): of each 64 bits the lower half first."""
        spare = [] if self._spare is None else [self._spare]
        fresh = max(count - len(spare) + 1, 0) // 2
        if fresh:
            drawn = self.uint64(fresh)
            spare.append(torch.stack([drawn & LOW, _shifted(drawn, 32)], dim=-1).flatten(1))
        halves = torch.cat(spare, dim=1) if len(spare) > 1 else spare[0]
        self._spare = halves[:, count:] if halves.shape[1] > count else None
        return halves[:, :count]

    def random32(self, count: int) -> Tensor:
        """`Generator.random` in float32, (network, count)."""
        return (self.uint32(count) >> 8).float() * 2.0**-24

    def random64(self, count: int) -> Tensor:
        """`Generator.random` in float64, (network, count)."""
        return _shifted(self.uint64(count), 11).double() * 2.0**-53

    def signs(self, count: int) -> Tensor:
        """`Generator.integers` of 0 and 1 in int8, (network, count): the top bits of bytes."""
        words = self.uint32(-(-count // 4))
        places = torch.tensor([7, 15, 23, 31], device=self.device)
        return (words[..., None] >> places & 1).flatten(1)[:, :count]

    def integers(self, below: int, count: int) -> tuple[Tensor, Tensor]:
        """`Generator.integers` in int64 from 0 to `below`, which is at most 2^32.

        Returns
        -------
        tuple
            The numbers (network, count), and whether NumPy would have rejected one of them,
            (network,): it would then have drawn another, and all later numbers would differ.
        """
        scaled = self.uint32(count) * below
        # Lemire 2019 (doi:10.1145/3230636): the remainder decides whether a number is rejected.
        rejected = (scaled & LOW) < (1 << 32) % below
        return _shifted(scaled, 32), rejected.any(1)


Sampler = Callable[[Task, int, Streams], Batch | None]


def device_sampler(task: Task) -> Sampler | None:
    """The function that draws a task's trials on a device; None if there is none for the task.

    The function maps (task, trials, streams) to a batch, or to None where NumPy would reject
    a number and draw another, which happens less than once in a hundred million numbers.
    """
    if isinstance(task, Integrator) and (task.noise > 0 or task.encoding != "vector"):
        return None
    return SAMPLERS.get(type(task).sample)


def flipflop_trials(task: FlipFlop, trials: int, streams: Streams) -> Batch:
    """`FlipFlop.sample` from every network's stream."""
    shape = (-1, task.time, trials, task.inputs)
    count = task.time * trials * task.inputs
    pulsing = streams.random32(count).view(shape) < task.probability
    pulsing[:, 0] = True
    signs = streams.signs(count).view(shape).float() * 2 - 1
    targets = held(signs, pulsing)
    return signs * pulsing, targets, torch.ones_like(targets)


def integrator_trials(task: Integrator, trials: int, streams: Streams) -> Batch | None:
    """`Integrator.sample` from every network's stream, with headings as cosine and sine."""
    shape = (-1, task.time, trials, task.angles)
    count = task.time * trials * task.angles
    renewed = streams.random32(count).view(shape) < task.redraw
    renewed[:, 0] = True
    number, rejected = streams.integers(len(task.speeds), count)
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
    if bool(rejected.any()):
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


@cache
def _jumps(count: int) -> tuple[list[int], list[int]]:
    """Powers a^n and sums 1 + a + … + a^(n-1) modulo 2^128, for n from 1 to `count`."""
    powers, series = [MULTIPLIER], [1]
    for _ in range(count - 1):
        series.append((series[-1] + powers[-1]) % MODULUS)
        powers.append(powers[-1] * MULTIPLIER % MODULUS)
    return powers, series


def _wide(numbers: Sequence[int], device: torch.device) -> Wide:
    """Numbers of 128 bits as two tensors (number,)."""
    data = b"".join(number.to_bytes(16, "little") for number in numbers)
    halves = torch.frombuffer(bytearray(data), dtype=torch.int64).to(device)
    return halves[1::2], halves[::2]


def _shifted(number: Tensor, places: Tensor | int) -> Tensor:
    """Unsigned shift to the right."""
    mask = ~(-2 << 63 - places)  # shifted by 63 - 0 at most: by 64 is undefined
    return number >> places & mask


def _sum(one: Wide, other: Wide) -> Wide:
    low = one[1] + other[1]
    carry = (low ^ SIGN) < (one[1] ^ SIGN)
    return one[0] + other[0] + carry, low


def _product(one: Wide, other: Wide) -> Wide:
    """Product modulo 2^128, of which the upper half is made from products of 32 bits."""
    low, high = one[1] * other[1], one[0] * other[1] + one[1] * other[0]
    a0, a1 = one[1] & LOW, _shifted(one[1], 32)
    b0, b1 = other[1] & LOW, _shifted(other[1], 32)
    first, second = a0 * b1, a1 * b0
    middle = _shifted(a0 * b0, 32) + (first & LOW) + (second & LOW)
    carried = _shifted(first, 32) + _shifted(second, 32) + _shifted(middle, 32)
    return high + a1 * b1 + carried, low
