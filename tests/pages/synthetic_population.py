"""Population tables of two tasks, of which a few columns tell something."""

import numpy as np
import pandas as pd

from rnnpipe.tables.schemas import ATTRACTORS, SCHEMAS

SCORES = {"memory": ("accuracy", ""), "heading": ("circular error", "degrees")}
MODELS = (("tanh8", "vanilla", "tanh"), ("gru8", "gru", "relu"))
# Of the last network nothing is known but that it diverged.
SEEDS = range(3)


def networks() -> pd.DataFrame:
    """Three seeds of two models; `heading` under two probes, its last network diverged."""
    rows = []
    for task, probes in (("memory", ("zero",)), ("heading", ("left", "right"))):
        for model, cell, activation in MODELS:
            for seed in SEEDS:
                known = {"task": task, "model": model, "cell": cell, "activation": activation}
                lost = task == "heading" and model == "gru8" and seed == SEEDS[-1]
                for number, probe in enumerate((None,) if lost else probes):
                    rows.append({**known, **_row(seed, number, probe)})
    frame = pd.DataFrame(rows)
    columns = SCHEMAS["networks"].names
    return frame.reindex(columns=[*columns])


def _row(seed: int, number: int, probe: str | None) -> dict[str, object]:
    common = {"constraint": "none", "seed": seed, "units": 8, "autapses": True, "probe": probe}
    if probe is None:
        return {**common, "solved": False, "stop_reason": "diverged", "score": np.nan}
    counts = {f"unstable_{k}": 0 for k in range(9)}
    return {
        **common,
        **counts,
        "solved": seed != 1,
        "stop_reason": "steps",
        "score": 10.0 - 3 * seed,
        "unstable_0": 2 + seed,
        "unstable_1": 1,
        "unstable_5": number,
        "found": 3 + seed + number,
        "slow": 0,
        "marginal": 0,
        **dict.fromkeys(ATTRACTORS.values(), 0),
        "rings": 0,
        "arcs": 0,
        "lines": 0,
        "surfaces": 0,
        "certificate": "consistent" if number == 0 else "incomplete",
        "participation_ratio": 2.5,
    }


def embedding() -> pd.DataFrame:
    """Places of the networks that solved their task, by two distances."""
    solved = networks()
    solved = solved[solved["solved"]].drop_duplicates(["task", "model", "constraint", "seed"])
    frames = []
    for metric, stretch in (("svcca", 1.0), ("topology", 2.0)):
        rows = solved[["task", "model", "constraint", "seed"]].assign(metric=metric, stress=0.25)
        place = np.arange(len(rows))
        frames.append(rows.assign(x=stretch * np.cos(place), y=stretch * np.sin(place)))
    return pd.concat(frames, ignore_index=True)
