"""What was found, in a few lines for a person."""

import numpy as np
import pandas as pd

# Certificates of more inputs than this are only counted.
NAMED = 5


def summary(
    kind: np.ndarray, classes: np.ndarray, beyond_visited: np.ndarray, searches: pd.DataFrame
) -> str:
    """Points by class, cycles and slow points, and the certificate of every input."""
    fixed = classes[kind == "fixed"]
    counts = [f"{(fixed == name).sum()} {name}" for name in sorted(set(fixed), key=_rank)]
    lines = [_counted(len(fixed), "fixed point") + (f": {', '.join(counts)}" if counts else "")]
    for name, thing in (("cycle", "attracting cycle"), ("slow", "slow point")):
        if number := int((kind == name).sum()):
            lines.append(_counted(number, thing))
    if beyond_visited.any():
        lines.append(f"{beyond_visited.sum()} beyond all states given (beyond_visited)")
    for row in searches.head(NAMED).itertuples():
        lines.append(f"certificate: {row.certificate}, {row.reason}")
    if len(searches) > NAMED:
        lines.append(f"... and {len(searches) - NAMED} more inputs, see .searches")
    return "\n".join(lines)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _rank(name: str) -> tuple[int, str]:
    """Stable first, saddles by number of unstable modes, marginal last."""
    order = {"stable": 0, "marginal": 10**6}
    return (order[name] if name in order else int(name.split("-")[0])), name
