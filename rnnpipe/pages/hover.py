"""The text beside the pointer when a reader points at a fixed point."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from rnnpipe.figures.style import unstable_label
from rnnpipe.scene.contents import Scene

EIGENVALUES = 5
KINDS = {"fixed": "fixed point", "slow": "slow point", "cycle": "cycle"}


def texts(scene: Scene) -> list[str]:
    """One text per row of the scene's points, with lines parted by ``<br>``."""
    leading = _leading(scene.spectrum)
    return [
        "<br>".join(_lines(row, leading.get((row["probe"], row["point"]), [])))
        for row in scene.points.to_dict("records")
    ]


def _lines(row: Mapping[str, object], values: list[complex]) -> list[str]:
    kind = KINDS[str(row["kind"])]
    name = f"{kind} of period {int(row['period'])}" if row["kind"] == "cycle" else kind
    lines = [f"<b>{name} {int(row['point'])}</b>, probe {row['probe']}"]
    if not math.isnan(float(row["unstable"])):
        label = unstable_label(int(row["unstable"]))
        lines.append(label if label == row["class"] else f"{row['class']}: {label}")
    lines += [f"λ = {number(v)}, |λ| = {abs(v):.3f}" for v in values]
    if known(row["time_constant"]):
        lines.append(f"time constant {row['time_constant']:.3g} steps")
    if known(row["frequency"]) and row["frequency"]:
        lines.append(f"frequency {row['frequency']:.3g} rad/step")
    readout = ", ".join(f"{value:.3g}" for value in np.atleast_1d(row["readout"]))
    lines.append(f"readout ({readout})")
    lines.append(f"reached by {int(row['hits'])} starts, q = {row['q']:.1e}")
    return lines


def known(value: object) -> bool:
    """Whether a value is a finite number."""
    return isinstance(value, (int, float)) and math.isfinite(value)


def number(value: complex) -> str:
    """A complex number in three decimals; a real one without its imaginary part."""
    if value.imag == 0:
        return f"{value.real:.3f}".replace("-", "−")
    sign = "−" if value.imag < 0 else "+"
    return f"{value.real:.3f} {sign} {abs(value.imag):.3f}i".replace("-", "−")


def _leading(spectrum: pd.DataFrame) -> dict[tuple[object, object], list[complex]]:
    """The eigenvalues of largest modulus of every point."""
    rows = spectrum.assign(modulus=np.hypot(spectrum["re"], spectrum["im"]))
    rows = rows.sort_values("modulus", ascending=False, kind="stable")
    rows = rows.groupby(["probe", "point"], sort=False, observed=True).head(EIGENVALUES)
    return {
        key: [complex(re, im) for re, im in own[["re", "im"]].to_numpy(float)]
        for key, own in rows.groupby(["probe", "point"], sort=False, observed=True)
    }
