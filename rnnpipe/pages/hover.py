"""The text beside the pointer when a reader points at a fixed point or another attractor."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import FIXED, SLOW
from rnnpipe.figures.panels.attractors import named
from rnnpipe.figures.style import unstable_label
from rnnpipe.scene.contents import Scene

EIGENVALUES = 5
KINDS = {FIXED: "fixed point", SLOW: "slow point"}


def texts(scene: Scene) -> list[str]:
    """One text per row of the scene's points, with lines parted by ``<br>``."""
    leading = _leading(scene.spectrum)
    return [
        "<br>".join(_lines(row, leading.get((row["probe"], row["point"]), [])))
        for row in scene.points.to_dict("records")
    ]


def _lines(row: Mapping[str, object], values: list[complex]) -> list[str]:
    kind = KINDS[str(row["kind"])]
    lines = [f"<b>{kind} {int(row['point'])}</b>, probe {row['probe']}"]
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


def attractor_texts(attractors: pd.DataFrame) -> list[str]:
    """One text per attractor beside the points, with lines parted by ``<br>``."""
    return ["<br>".join(_attractor_lines(row)) for row in attractors.to_dict("records")]


def _attractor_lines(row: Mapping[str, object]) -> list[str]:
    name = named(str(row["kind"]), 1, [row["period"]] if known(row["period"]) else [])
    lines = [f"<b>{name.removeprefix('1 ')}</b>, node {int(row['point'])}, probe {row['probe']}"]
    exponents = [value for value in np.atleast_1d(row["exponents"]).tolist() if known(value)]
    if exponents:
        listed = ", ".join(f"{value:.4f}" for value in exponents).replace("-", "−")
        lines.append(f"Lyapunov exponents {listed} per step")
    if known(row["dimension"]):
        lines.append(f"dimension {row['dimension']:.3g}")
    lines.append(f"amplitude {row['amplitude']:.3g}")
    readout = ", ".join(f"{value:.3g}" for value in np.atleast_1d(row["readout"]))
    lines.append(f"mean readout ({readout})")
    sources = {"visited_share": "visited states", "box_share": "the box"}
    shares = [
        f"{100 * row[share]:.0f} % from {source}"
        for share, source in sources.items()
        if known(row[share])
    ]
    lines.append(f"of the runs {', '.join(shares)} end here")
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
