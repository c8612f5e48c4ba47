"""Probes: the inputs at which fixed points are sought, held or swept."""

import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from rnnpipe.faults import Fault, SettingsError, suggestion
from rnnpipe.parameters import Name, read_number
from rnnpipe.settings.sections.training import Trainable
from rnnpipe.tasks.channels import numbered

_LEVEL = "must be a number, or [from, to, number of values] of a sweep"


def read_level(value: Any) -> Any:
    """A number as it is, or a sweep as (from, to, number of values).

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
    if count != int(count) or count < 2:
        raise ValueError("the number of values of a sweep is a whole number from 2 on")
    if low == high:
        raise ValueError("the ends of a sweep must differ")
    return low, high, int(count)


def _number(value: Any) -> float:
    number = None if isinstance(value, bool) else read_number(value)
    if not isinstance(number, int | float) or not math.isfinite(number):
        raise ValueError(_LEVEL)
    return float(number)


# YAML reads 0 as a number, and channels may be named by theirs.
Channel = Annotated[str, BeforeValidator(str)]
Level = Annotated[float | tuple[float, float, int], BeforeValidator(read_level)]


class Probed(Trainable):
    """A task, whose networks are examined under probes."""

    probes: dict[Name, dict[Channel, Level]] = Field(
        default_factory=dict,
        description="Held inputs, by name: channel to level, 0 where not named. One level may be "
        "[from, to, number of values]: a sweep, along which fixed points are followed.",
    )

    @property
    def input_channels(self) -> int:
        """Number of inputs to the network."""
        raise NotImplementedError

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the inputs."""
        return numbered("input", self.input_channels)

    @property
    def default_probes(self) -> int:
        """Number of inputs at which fixed points are sought where the settings name none."""
        return 1

    def learn(self) -> None:
        """Find out what only a file says, before probes are compared with the channels."""

    @model_validator(mode="after")
    def _channels_exist(self) -> "Probed":
        self.learn()
        known = self.channels
        accepted = {*known, *map(str, range(len(known)))}
        faults = []
        for name, levels in self.probes.items():
            for channel in levels.keys() - accepted:
                message = f"no input of this task; it has {', '.join(known)}"
                faults.append(
                    Fault(f"probes.{name}.{channel}", message + suggestion(channel, known))
                )
            named = [c if c in known or c not in accepted else known[int(c)] for c in levels]
            if len(set(named)) < len(named):
                faults.append(Fault(f"probes.{name}", "names the same input twice"))
            if len(_swept(levels)) > 1:
                swept = " and ".join(_swept(levels))
                faults.append(Fault(f"probes.{name}", f"sweeps {swept}; only one can be swept"))
        if faults:
            raise SettingsError(faults)
        return self

    def definition(self) -> dict[str, Any]:
        """Return the settings without training overrides and probes, ready for `canonical`."""
        return self.model_dump(mode="json", exclude={"training", "probes"})

    def probe_list(self, swept: bool) -> list[dict[str, Any]]:
        """The probes that are swept, or those that are not, in order: `name` and `levels`."""
        return [
            {"name": name, "levels": levels}
            for name, levels in self.probes.items()
            if bool(_swept(levels)) == swept
        ]


def _swept(levels: Mapping[str, Any]) -> list[str]:
    return [channel for channel, level in levels.items() if isinstance(level, tuple)]
