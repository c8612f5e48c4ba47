"""Probes: the inputs under which the dynamics are analysed, held or swept, channel by channel."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator, Field, PlainSerializer

from rnnpipe.faults import Fault, suggestion
from rnnpipe.parameters import LARGEST, Name, read_number

MOST_VALUES = 10_000
_LEVEL = "must be a number, or [from, to, number of values] of a sweep"


def read_level(value: Any) -> Any:
    """Read a level: a number as it is, a sweep as (from, to, number of values).

    Raises
    ------
    ValueError
        If `value` is neither, or the sweep has fewer than two different values.
    """
    if not isinstance(value, list | tuple):
        return _number(value)
    if len(value) != 3:
        raise ValueError(_LEVEL)
    low, high, count = (_number(entry) for entry in value)
    if count != int(count) or not 2 <= count <= MOST_VALUES:
        raise ValueError(
            f"the number of values of a sweep is a whole number from 2 to {MOST_VALUES}"
        )
    if low == high:
        raise ValueError("the ends of a sweep must differ")
    return low, high, int(count)


def _number(value: Any) -> float:
    number = None if isinstance(value, bool) else read_number(value)
    # Compared as it is: a whole number may be too large for a float.
    if not isinstance(number, int | float) or number != number:
        raise ValueError(_LEVEL)
    if abs(number) > LARGEST:
        raise ValueError(f"must be within ±{LARGEST:g}")
    return float(number)


def _by_name(value: Any) -> Any:
    """Read the list that canonical text holds, where keys are sorted and order would be lost."""
    if isinstance(value, list | tuple) and all(isinstance(one, Mapping) for one in value):
        return {str(one.get("name")): one.get("levels") for one in value}
    return value


def probe_list(probes: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return probes as a list, in order: each with its `name` and its `levels`."""
    return [{"name": name, "levels": levels} for name, levels in probes.items()]


# YAML reads 0 as a number, and channels may be named by theirs.
Channel = Annotated[str, BeforeValidator(str)]
Level = Annotated[float | tuple[float, float, int], BeforeValidator(read_level)]
Levels = Mapping[str, float | tuple[float, float, int]]
Probes = Annotated[
    dict[Name, dict[Channel, Level]],
    BeforeValidator(_by_name),
    PlainSerializer(probe_list),
    Field(
        description="Held inputs, by name: channel to level, 0 where not named. One level may be "
        "[from, to, number of values]: a sweep, along which fixed points are followed."
    ),
]


@dataclass(frozen=True)
class Sweep:
    """An input of which one channel is swept.

    Attributes
    ----------
    origin
        (input,), the input; its entry at `channel` is 0.
    channel
        Number of the swept channel.
    values
        (value,), of that channel.
    """

    origin: np.ndarray
    channel: int
    values: np.ndarray


def held_inputs(probes: Mapping[str, Levels], channels: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the inputs (input,) of the probes that sweep nothing, by name.

    Parameters
    ----------
    probes
        By name, and for each the levels of channels, which are named or numbered from 0.
    channels
        Names of all channels.
    """
    return {
        name: _input(levels, channels)
        for name, levels in probes.items()
        if not swept_channels(levels)
    }


def swept_inputs(probes: Mapping[str, Levels], channels: Sequence[str]) -> dict[str, Sweep]:
    """Return the probes that sweep a channel, by name; arguments as of `held_inputs`."""
    return {
        name: Sweep(
            _input(levels, channels),
            _channel_number(channel, channels),
            np.linspace(*levels[channel]),
        )
        for name, levels in probes.items()
        for channel in swept_channels(levels)
    }


def swept_channels(levels: Levels) -> list[str]:
    """Return the channels that are swept."""
    return [channel for channel, level in levels.items() if isinstance(level, tuple)]


def probe_faults(probes: Mapping[str, Levels], channels: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with probes of a task that has these channels."""
    accepted = {*channels, *map(str, range(len(channels)))}
    for name, levels in probes.items():
        for channel in levels.keys() - accepted:
            message = f"no input of this task; it has {', '.join(channels)}"
            near = suggestion(channel, channels)
            yield Fault(f"probes.{name}.{channel}", message + near)
        known = [channel for channel in levels if channel in accepted]
        if len({_channel_number(channel, channels) for channel in known}) < len(known):
            yield Fault(f"probes.{name}", "names the same input twice")
        if len(swept_channels(levels)) > 1:
            both = " and ".join(swept_channels(levels))
            yield Fault(f"probes.{name}", f"sweeps {both}; only one can be swept")


def _channel_number(name: str, channels: Sequence[str]) -> int:
    return list(channels).index(name) if name in channels else int(name)


def _input(levels: Levels, channels: Sequence[str]) -> np.ndarray:
    x = np.zeros(len(channels))
    for name, level in levels.items():
        if not isinstance(level, tuple):
            x[_channel_number(name, channels)] = level
    return x
