"""Probe inputs of a task from what its settings say of them, channel by channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


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


def held_inputs(
    probes: Sequence[Mapping[str, Any]], channels: Sequence[str]
) -> dict[str, np.ndarray]:
    """Inputs (input,) of the probes that sweep nothing, by name.

    Parameters
    ----------
    probes
        Each with a `name` and with `levels`: channel, by name or number, to a number, or to
        (from, to, number of values).
    channels
        Names of all channels.
    """
    return {
        probe["name"]: _input(probe["levels"], channels)
        for probe in probes
        if not any(map(_is_range, probe["levels"].values()))
    }


def sweeps(probes: Sequence[Mapping[str, Any]], channels: Sequence[str]) -> dict[str, Sweep]:
    """The probes that sweep a channel, by name; arguments as of `held_inputs`."""
    return {
        probe["name"]: Sweep(
            _input(probe["levels"], channels),
            channel_number(name, channels),
            np.linspace(level[0], level[1], int(level[2])),
        )
        for probe in probes
        for name, level in probe["levels"].items()
        if _is_range(level)
    }


def channel_number(name: str, channels: Sequence[str]) -> int:
    """Number of a channel that is named, or numbered from 0."""
    return list(channels).index(name) if name in channels else int(name)


def _input(levels: Mapping[str, Any], channels: Sequence[str]) -> np.ndarray:
    x = np.zeros(len(channels))
    for name, level in levels.items():
        if not _is_range(level):
            x[channel_number(name, channels)] = level
    return x


def _is_range(level: Any) -> bool:
    return isinstance(level, list | tuple)
