"""Write lowrank.md from its template and the tables of the study.

    python docs/lowrank.py

Run after `config/lowrank.yaml`. Every number of the page comes from its tables; the
figures are copied from its results.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from universality import DOCS, Number, claims_table, explained, findings

from rnnpipe.population.findings.page import number
from rnnpipe.settings import load_experiment
from rnnpipe.tables.schemas import NETWORK, UNSTABLE

STUDY = "lowrank"
EXPERIMENT = load_experiment(DOCS.parent / "config" / f"{STUDY}.yaml")
TASKS = tuple(EXPERIMENT.tasks)
FIGURES = {
    "ranks": ("context", "ranks"),
    "plane": ("twobit", "plane"),
    "oscillation": ("sinewave", "plane"),
    "loadings": ("onebit", "loadings"),
}


def population(task: str) -> pd.DataFrame:
    """Return the table of networks of a task, a row per network and probe."""
    table = pd.read_parquet(f"results/{STUDY}/population/networks/{task}.parquet")
    return table.assign(constraint=table["constraint"].astype(str))


def of_blocks(name: str, task: str) -> pd.DataFrame:
    """Return a table of blocks of a task, with the names of its cohorts."""
    table = pd.read_parquet(f"results/{STUDY}/{name}/task={task}")
    return table.assign(constraint=table["constraint"].astype(str))


def by_rank(cell: Callable[[str, str], str]) -> str:
    """Write a table with a row per task and a column per constraint."""
    names = list(EXPERIMENT.constraints)
    lines = [f"| | {' | '.join(names)} |", "|---|" + "---|" * len(names)]
    for task in TASKS:
        lines.append(f"| `{task}` | {' | '.join(cell(task, name) for name in names)} |")
    return "\n".join(lines)


def learnt(task: str, constraint: str) -> str:
    """Write how many networks of a cohort are solved, and their median score."""
    table = population(task).drop_duplicates(NETWORK)
    own = table[table["constraint"] == constraint]
    solved = int(own["solved"].sum())
    return f"{solved} of {len(own)} ({number(own['score'].median())})"


def points(task: str, constraint: str) -> str:
    """Write the medians of fixed points, of stable ones and of attractors per solved network."""
    table = population(task)
    own = table[(table["constraint"] == constraint) & table["solved"]]
    if own.empty:
        return "–"
    counted = [own["found"] - own["spurious"], own[UNSTABLE[0]], own["attractors"]]
    return " / ".join(number(column.median()) for column in counted)


def least(task: str) -> str:
    """Write the least ranks to which each solved free network, and its change, can be cut."""
    table = population(task).drop_duplicates(NETWORK)
    own = table[(table["constraint"] == "full") & table["solved"]]
    found = (own[column] for column in ("least_rank", "least_change_rank"))
    return "weights {}; change {}".format(
        *(", ".join(f"{rank:.0f}" for rank in sorted(ranks)) for ranks in found)
    )


def populations(task: str, constraint: str) -> str:
    """Write how many populations each solved network of a cohort has by the criterion."""
    if constraint == "full":
        return "–"
    best = of_blocks("mixtures", task).query("best")
    best = best[best["constraint"] == constraint].merge(solved_of(task), on=NETWORK)
    return ", ".join(str(count) for count in sorted(best["populations"])) or "–"


def drawn(task: str, count: int) -> str:
    """Write which share of networks of so many populations do the task, and their median score.

    Of those of most units, drawn from the mixtures that were fitted to networks that do it.
    """
    rows = of_blocks("resampled", task).merge(solved_of(task), on=NETWORK)
    rows = rows[(rows["times"] == rows["times"].max()) & (rows["populations"] == count)]
    share = Number(np.mean([EXPERIMENT.tasks[task].is_solved(score) for score in rows["score"]]))
    return f"{share:%} ({number(rows['score'].median())})"


def drawn_by_count() -> str:
    """Write a table of these shares, with a row per task and a column per count."""
    counts = range(1, EXPERIMENT.loadings.populations + 1)
    lines = [f"| | {' | '.join(map(str, counts))} |", "|---|" + "---|" * len(counts)]
    for task in TASKS:
        lines.append(f"| `{task}` | {' | '.join(drawn(task, n) for n in counts)} |")
    return "\n".join(lines)


def opposed(task: str) -> str:
    """Write in how many solved networks the driven one of two populations excites itself alone.

    By the covariance of m and n along the first direction, positive in the population with the
    larger input weights and negative in the other.
    """
    mixtures = of_blocks("mixtures", task).merge(solved_of(task), on=NETWORK)
    mixtures = mixtures[mixtures["populations"] == 2]
    right = 0
    for row in mixtures.itertuples():
        names = row.vectors.split()
        covariances = np.reshape(row.covariances, (2, len(names), len(names)))
        overlap = covariances[:, names.index("m0"), names.index("n0")]
        inputs = [i for i, name in enumerate(names) if name.startswith("input")]
        driven = int(np.argmax(covariances[:, inputs, inputs].sum(axis=1)))
        right += bool(overlap[driven] > 0 > overlap[1 - driven])
    return f"{right} of {len(mixtures)}"


def solved_of(task: str) -> pd.DataFrame:
    """Return the keys of the solved networks of a task."""
    table = population(task).drop_duplicates(NETWORK)
    keys = table.loc[table["solved"], NETWORK]
    return keys.assign(model=keys["model"].astype(str))


def main() -> None:
    """Fill the template, and copy the figures."""
    template = (DOCS / "lowrank.template.md").read_text()
    text = template.format(
        claims=findings(STUDY),
        omega2=explained(STUDY),
        learnt=by_rank(learnt),
        points=by_rank(points),
        populations=by_rank(populations),
        drawn=drawn_by_count(),
        opposed=opposed("onebit"),
        least="\n".join(f"- `{task}`: {least(task)}" for task in TASKS),
        table=claims_table(STUDY),
    )
    (DOCS / "lowrank.md").write_text(text)
    for name, (task, kind) in FIGURES.items():
        figure = Path(f"results/{STUDY}/figures/task={task}/{kind}.png")
        shutil.copy(figure, DOCS / f"lowrank_{name}.png")


if __name__ == "__main__":
    main()
