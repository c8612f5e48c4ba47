"""Names, units and limits of a task's figures, beside the tables that they draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from rnnpipe.tasks.base import Task
from rnnpipe.tasks.flipflop import FlipFlop
from rnnpipe.tasks.integrator import Integrator


@dataclass(frozen=True)
class FigureOptions:
    """Names, units and limits that a figure shows.

    Attributes
    ----------
    task
        Name of the task in the experiment.
    score_name, score_unit
        What the score measures, and its unit ("" when it has none).
    solved
        Score at which a network counts as solved.
    condition_name, condition_unit, condition_kind
        What the trajectories' ``condition`` holds, its unit, and how it is coloured: not at all
        (``"categorical"``), along a perceptual map (``"linear"``) or a cyclic one
        (``"circular"``).
    probe
        Probe input whose fixed points are drawn.
    examples
        Example networks drawn for each cohort.
    trials
        Trajectories drawn for each example network.
    bits
        Bits of a flip-flop, for the counts that it is expected to have; None for other tasks.
    outputs
        Number of readouts.
    sweeps
        Name and unit of the swept channel, by the name of the sweep.
    encoding
        How an integrator's readouts give its heading; None for other tasks.
    probe_values
        Value of the condition that each probe stands for; for a sine wave its target frequency,
        radians per step.
    missing
        Number of the task's networks that have no results.
    constraints
        Names of the experiment's constraints, in its order.
    higher_is_better
        Whether networks of higher scores than `solved` count as solved, or those of lower ones.
    """

    task: str
    score_name: str = "score"
    score_unit: str = ""
    solved: float = 0.99
    condition_name: str = "condition"
    condition_unit: str = ""
    condition_kind: Literal["categorical", "linear", "circular"] = "categorical"
    probe: str = "zero"
    examples: int = 1
    trials: int = 40
    bits: int | None = None
    outputs: int = 1
    sweeps: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    encoding: Literal["vector", "angle"] | None = None
    probe_values: Mapping[str, float] = field(default_factory=dict)
    missing: int = 0
    constraints: tuple[str, ...] = ()
    higher_is_better: bool = True

    @classmethod
    def of(cls, task: Task, name: str, **given: Any) -> Self:
        """Options of a task of this name; the others are given."""
        swept = {sweep: task.channels[probe.channel] for sweep, probe in task.sweeps().items()}
        return cls(
            task=name,
            score_name=task.score_quantity.name,
            score_unit=task.score_quantity.unit,
            solved=task.solved,
            higher_is_better=task.higher_is_better,
            condition_name=task.condition.name,
            condition_unit=task.condition.unit,
            condition_kind=task.condition.kind,
            probe=next(iter(task.probes())),
            probe_values=task.probe_conditions(),
            bits=task.bits if isinstance(task, FlipFlop) else None,
            encoding=task.encoding if isinstance(task, Integrator) else None,
            outputs=task.outputs,
            sweeps={s: (channel, task.channel_unit(channel)) for s, channel in swept.items()},
            **given,
        )


def with_unit(name: str, unit: str) -> str:
    """Label of an axis: the name, and the unit in brackets where there is one."""
    return f"{name} ({unit})" if unit else name
