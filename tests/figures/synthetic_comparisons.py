"""Tables that compare the networks of a study: planted distances, and plausible numbers."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

NETWORK = ["task", "model", "constraint", "seed"]
METRICS = ("svcca", "procrustes", "cka", "rsa", "topology", "spectra", "function", "weights")
GEOMETRY = ("svcca", "procrustes", "cka", "rsa")
CHANNELS = {"flipflop": 3, "sinewave": 1, "context": 4}
STATISTICS = (
    "task",
    "metric",
    "factor",
    "adjusted_for",
    "confounded_with",
    "networks",
    "groups",
    "omega2",
    "omega2_low",
    "omega2_high",
    "f",
    "p",
    "p_adjusted",
    "within",
    "between",
    "ratio",
)
MANTEL = ("task", "first", "second", "networks", "r", "p", "p_adjusted")
EFFECTS = (
    "task",
    "reference",
    "constraint",
    "model",
    "measure",
    "networks",
    "difference",
    "effect",
    "low",
    "high",
    "p",
    "p_adjusted",
)


def planted(solved: pd.DataFrame, metric: str) -> np.ndarray:
    """Places of the networks: apart by cell in geometry, by activation in all else."""
    rng = np.random.default_rng(METRICS.index(metric))
    factor = "cell" if metric in GEOMETRY else "activation"
    groups = solved[factor].map({name: i for i, name in enumerate(solved[factor].unique())})
    centres = 0.35 * np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])[groups.to_numpy()]
    return centres + 0.08 * rng.normal(size=centres.shape)


def distance_tables(solved: pd.DataFrame) -> dict[str, pd.DataFrame]:
    distances, embedding = [], []
    for metric in METRICS:
        places = planted(solved, metric)
        apart = np.linalg.norm(places[:, None] - places[None], axis=2)
        keys = solved[NETWORK].assign(metric=metric)
        distances.append(keys.assign(distances=list(apart)))
        centred = places - places.mean(axis=0)
        embedding.append(keys.assign(x=centred[:, 0], y=centred[:, 1], stress=0.08))
    return {
        "distances": pd.concat(distances, ignore_index=True),
        "embedding": pd.concat(embedding, ignore_index=True),
    }


def statistics(solved: pd.DataFrame, distances: pd.DataFrame, factors: list[str]) -> pd.DataFrame:
    rows = []
    for metric, factor in itertools.product(METRICS, factors):
        apart = np.stack(distances.loc[distances["metric"] == metric, "distances"])
        same = np.equal.outer(solved[factor].to_numpy(), solved[factor].to_numpy())
        other = ~np.eye(len(apart), dtype=bool)
        total = (apart**2).sum() / (2 * len(apart))
        inside = sum(
            (apart[np.ix_(g, g)] ** 2).sum() / (2 * len(g))
            for g in solved.reset_index().groupby(factor).groups.values()
        )
        others, left = solved[factor].nunique() - 1, len(apart) - solved[factor].nunique()
        omega2 = (total - inside - others * inside / left) / (total + inside / left)
        within, between = apart[same & other].mean(), apart[~same].mean()
        rows.append(
            {
                "task": "study",
                "metric": metric,
                "factor": factor,
                "networks": len(apart),
                "groups": solved[factor].nunique(),
                "adjusted_for": ", ".join(other for other in factors if other != factor),
                "confounded_with": "",
                "omega2": omega2,
                "omega2_low": omega2 - 0.06,
                "omega2_high": omega2 + 0.06,
                "f": 10.0,
                "p": 0.001 if omega2 > 0.2 else 0.4,
                "p_adjusted": 0.004 if omega2 > 0.2 else 0.6,
                "within": within,
                "between": between,
                "ratio": within / between,
            }
        )
    return pd.DataFrame(rows, columns=STATISTICS)


def mantel(distances: pd.DataFrame) -> pd.DataFrame:
    flat = {
        metric: np.stack(rows["distances"])[np.triu_indices(len(rows), 1)]
        for metric, rows in distances.groupby("metric", sort=False)
    }
    rows = [
        {"task": "study", "first": a, "second": b, "r": np.corrcoef(flat[a], flat[b])[0, 1]}
        for a, b in itertools.combinations(flat, 2)
    ]
    table = pd.DataFrame(rows, columns=MANTEL)
    return table.assign(p=0.01, p_adjusted=np.where(table["r"].abs() > 0.3, 0.01, 0.5))


def behaviour(networks: pd.DataFrame) -> pd.DataFrame:
    settings = [("trained", np.nan), ("unseen", np.nan)]
    settings += [("longer", 2.0), ("longer", 4.0)] + [("noise", s) for s in (0.1, 0.2, 0.5)]
    parts = []
    for number, (setting, level) in enumerate(settings):
        rng = np.random.default_rng(number)
        score = networks["score"] - 0.04 * number * rng.random(len(networks))
        parts.append(networks[NETWORK].assign(setting=setting, level=level, score=score))
    return pd.concat(parts, ignore_index=True).assign(trials=64)


def context_tables(networks: pd.DataFrame, probes: list[str]) -> dict[str, pd.DataFrame]:
    """The leading mode hears the cued stream alone; the cued response needs one mode."""
    responses, reduced = [], []
    rng = np.random.default_rng(9)
    for key, (cued, probe) in itertools.product(
        networks[NETWORK].to_dict("records"), enumerate(probes)
    ):
        for number in range(5):
            place = {**key, "probe": probe, "point": number}
            heard = 0.05 * rng.random(4)
            heard[cued] += 0.5
            responses += [
                {**place, "mode": m, "re": 0.98 - 0.2 * m, "im": 0.0, "input_alignment": heard}
                for m in range(2)
            ]
            for stream, kept in itertools.product(range(2), (1, 2, 3, 5, 10, 16)):
                error = np.exp(-kept * (2.0 if stream == cued else 0.3)) * np.exp(
                    0.2 * rng.normal()
                )
                channel = f"stream{stream + 1}"
                reduced.append({**place, "channel": channel, "kept": kept, "error": error})
    return {"responses": pd.DataFrame(responses), "reduced": pd.DataFrame(reduced)}


def effects(networks: pd.DataFrame) -> pd.DataFrame:
    constraints = list(networks["constraint"].unique())
    measures = ("score", "validation_loss", "participation_ratio", "fixed points", "stable points")
    rng = np.random.default_rng(4)
    rows = []
    for constraint, model, measure in itertools.product(
        constraints[1:], networks["model"].unique(), measures
    ):
        effect = measures.index(measure) - 2 + 0.3 * rng.normal()
        rows.append(
            {
                "task": "study",
                "reference": constraints[0],
                "constraint": constraint,
                "model": model,
                "measure": measure,
                "networks": 6,
                "difference": 0.1 * effect,
                "effect": effect,
                "low": effect - 1,
                "high": effect + 1,
                "p": 0.01,
                "p_adjusted": 0.02 if abs(effect) > 1 else 0.3,
            }
        )
    return pd.DataFrame(rows, columns=EFFECTS)


def comparison_tables(
    kind: str, networks: pd.DataFrame, probes: list[str]
) -> dict[str, pd.DataFrame]:
    once = networks.drop_duplicates(NETWORK).reset_index(drop=True)
    solved = once[once["solved"]].reset_index(drop=True)
    tables = distance_tables(solved)
    factors = ["cell", "activation"]
    factors += ["constraint"] if solved["constraint"].nunique() > 1 else []
    tables["statistics"] = statistics(solved, tables["distances"], factors)
    tables["mantel"] = mantel(tables["distances"])
    tables["behaviour"] = behaviour(once)
    tables["effects"] = effects(once)
    if kind == "context":
        tables |= context_tables(once, probes)
    return tables
