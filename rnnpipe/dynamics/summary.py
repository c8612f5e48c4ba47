"""A network under one input in one line: where its runs end, its other points, the certificate."""

from collections import Counter
from collections.abc import Sequence

from rnnpipe.dynamics.classes import (
    CHAOTIC,
    CYCLE,
    FIXED,
    KINDS,
    LIMIT_CYCLE,
    MARGINAL_CLASS,
    SLOW,
    STABLE,
    TORUS,
)

# What a verdict on the completeness of the points says: indices that sum to 1 prove nothing.
IN_WORDS = {
    "proved": "proved to be all points",
    "consistent": "no sign that points are missing",
    "incomplete": "points are missing",
    "not applicable": "whether points are missing cannot be told",
}
_NAMES = {TORUS: ("torus", "tori"), CHAOTIC: ("chaotic set", "chaotic sets")}
_NAMES |= {SLOW: ("slow drift", "slow drifts")}
_LENGTHS = {CYCLE: "steps", LIMIT_CYCLE: "steps a turn"}


def summary(
    kinds: Sequence[str], periods: Sequence[float], classes: Sequence[str], certificate: str
) -> str:
    """Describe what a network does under one input, attractors first.

    As in "limit cycle of 60 steps a turn; 1 point, 2-saddle; no sign that points are missing".

    Parameters
    ----------
    kinds, periods
        (attractor,), the kind of each attractor, of `KINDS`, and its steps per turn.
    classes
        (point,), the class of each fixed point, attracting or not: ``stable``, ``1-saddle``, ...
    certificate
        The verdict on the completeness of the points, one of `IN_WORDS`.

    Returns
    -------
    str
        Three parts, divided by semicolons. Where all attractors are points they are counted by
        their class, and the second part speaks of the others.
    """
    kinds, classes = list(kinds), list(classes)
    attracting = kinds.count(FIXED)
    resting = [name for name in sorted(classes, key=rank) if name in (STABLE, MARGINAL_CLASS)]
    resting = resting[:attracting]
    ends = [_points(number, name) for name, number in Counter(resting).items()]
    if unlisted := attracting - len(resting):
        ends.append(f"{unlisted} more at rest")
    moving = [_moving(kind, kinds, periods) for kind in KINDS[1:] if kind in kinds]
    points = _counted(classes)
    if resting and not moving:
        others = list((Counter(classes) - Counter(resting)).elements())
        points = _counted(others, "other point", "other points")
    said = ", ".join(ends + moving) or "no attractor"
    return "; ".join([said, points, IN_WORDS[certificate]])


def rank(name: str) -> tuple[float, str]:
    """Sorting key of a class: stable, marginal, then saddles by number of unstable modes."""
    order = {STABLE: 0.0, MARGINAL_CLASS: 0.5}
    return (order[name] if name in order else float(name.split("-")[0])), name


def _moving(kind: str, kinds: Sequence[str], periods: Sequence[float]) -> str:
    """Count the attractors of a kind that moves, with their periods in order."""
    own = sorted(period for name, period in zip(kinds, periods, strict=True) if name == kind)
    one, several = _NAMES.get(kind, (kind, f"{kind}s"))
    said = one if len(own) == 1 else f"{len(own)} {several}"
    if kind not in _LENGTHS:
        return said
    return f"{said} of {_listed([f'{period:.3g}' for period in own])} {_LENGTHS[kind]}"


def _points(number: int, name: str) -> str:
    return f"{number} {name} point" + ("s" if number > 1 else "")


def _counted(classes: Sequence[str], one: str = "point", several: str = "points") -> str:
    """Count points by their class."""
    if not classes:
        return f"no {one}"
    counts = Counter(sorted(classes, key=rank))
    if len(counts) == 1:
        name = next(iter(counts))
        return f"1 {one}, {name}" if len(classes) == 1 else f"{len(classes)} {several}, all {name}"
    return f"{len(classes)} {several}: " + ", ".join(f"{n} {name}" for name, n in counts.items())


def _listed(words: Sequence[str]) -> str:
    """Join words by commas and an "and", each once."""
    words = list(dict.fromkeys(words))
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1]
