"""Distances between networks: their order and names on the page."""

from __future__ import annotations

from collections.abc import Iterable

from rnnpipe.figures.factors import ordered

# Geometry, then dynamics, function and weights.
NAMES = {
    "svcca": "SVCCA",
    "procrustes": "Procrustes",
    "cka": "CKA",
    "rsa": "RSA",
    "topology": "topology",
    "gromov": "Gromov–W.",
    "spectra": "spectra",
    "dsa": "DSA",
    "function": "function",
    "generalisation": "generalisation",
    "weights": "weights",
}


def order(metrics: Iterable[object]) -> list[str]:
    """Distinct metrics that occur, in the order of ``NAMES``; unknown ones last."""
    return ordered(metrics, tuple(NAMES))


def label(metric: str) -> str:
    """Name of a metric on the page."""
    return NAMES.get(metric, metric)
