"""Ranges of options: the bounds that settings have, and floats that are finite."""

import math
from dataclasses import asdict
from typing import Any, get_args

import click


class FiniteRange(click.FloatRange):
    """A float within bounds; neither NaN, which no bound refuses, nor infinite."""

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


def range_of(kind: Any) -> click.IntRange:
    """Return the range of an integer type of `rnnpipe.parameters`, such as `Pixels`."""
    bounds: dict[str, int] = {}
    for bound in get_args(kind)[1].metadata:
        bounds |= asdict(bound)
    return click.IntRange(bounds.get("ge"), bounds.get("le"))
