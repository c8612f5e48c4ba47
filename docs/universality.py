"""Write universality.md from its template and the tables of the two studies.

    python docs/universality.py

Run after `config/universality-small.yaml` and `config/constraints.yaml`. Every number of
the page comes from their tables; the figures are copied from their results.
"""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from rnnpipe.population.findings.finding import HOLDS
from rnnpipe.population.findings.finding import share as judge
from rnnpipe.population.findings.memory import LEAST_OF_MACHINE
from rnnpipe.population.findings.page import number
from rnnpipe.population.findings.sharing import universality_of
from rnnpipe.tables.schemas import NETWORK

DOCS = Path(__file__).parent
STUDIES = {"small": "universality-small", "constraints": "constraints"}
FIGURES = {
    "memory": ("universality-small", "flipflop", "memory"),
    "oscillation": ("universality-small", "sinewave", "oscillation"),
    "endings": ("universality-small", "sinewave", "endings"),
    "contexts": ("universality-small", "context", "contexts"),
    "numbers": ("universality-small", "context", "numbers"),
    "constraints": ("constraints", "flipflop", "effects"),
}


class Number(float):
    """A number as written on the page: `number`, or with an interval as {…:i}."""

    low = high = float("nan")

    def __format__(self, kind: str) -> str:
        if kind == "i":
            return f"{number(float(self))} ({number(self.low)} to {number(self.high)})"
        return f"{100 * self:.0f} %" if kind == "%" else number(float(self))


def findings(study: str) -> SimpleNamespace:
    """Task -> claim -> value with its interval, share in words, verdict and number of networks.

    Beside the claims, ``together`` is the sentence that those on topology come to.
    """
    table = pd.read_parquet(f"results/{study}/population/findings.parquet")
    tasks = {}
    for task, rows in table.groupby("task", sort=False):
        claims = {}
        for row in rows.itertuples():
            value = Number(row.value)
            value.low, value.high = row.low, row.high
            claims[row.claim] = SimpleNamespace(
                value=value, share=share(row), verdict=row.verdict, networks=row.networks
            )
        tasks[task] = SimpleNamespace(**claims, together=universality_of(rows))
    return SimpleNamespace(**tasks)


def share(row: tuple) -> str:
    """Return how many networks are right, with the interval of their share; empty if not judged."""
    if row.right != row.right:
        return ""
    interval = f"{100 * row.low:.0f} to {100 * row.high:.0f} %"
    return f"{row.right:.0f} of {row.networks} networks ({interval})"


def explained(study: str) -> SimpleNamespace:
    """Task -> metric -> factor -> ω² given the other factors, with its interval."""
    tasks = {}
    for path in sorted(Path(f"results/{study}/population/statistics").glob("*.parquet")):
        metrics: dict[str, dict[str, Number]] = {}
        for row in pd.read_parquet(path).itertuples():
            omega2 = Number(row.omega2)
            omega2.low, omega2.high = row.omega2_low, row.omega2_high
            metrics.setdefault(row.metric, {})[row.factor] = omega2
        tasks[path.stem] = SimpleNamespace(
            **{metric: SimpleNamespace(**factors) for metric, factors in metrics.items()}
        )
    return SimpleNamespace(**tasks)


def networks(study: str, task: str) -> pd.DataFrame:
    """Return the table of networks of a task, as found under its first probe."""
    table = pd.read_parquet(f"results/{study}/population/networks/{task}.parquet")
    return table.drop_duplicates(NETWORK)


def alone(study: str, task: str, kind: str) -> SimpleNamespace:
    """Constraint -> share of networks whose only continuous attractor at rest is of a kind."""
    rest = networks(study, task)
    only = (rest[kind] == 1) & (rest[["rings", "arcs", "lines", "surfaces"]].sum(axis=1) == 1)
    shares = only.groupby(rest["constraint"].astype(str)).mean()
    return SimpleNamespace(**{name: Number(share) for name, share in shares.items()})


def astray(study: str, task: str) -> str:
    """Name the models of which networks are no machine as the task has it, and how many."""
    table = networks(study, task)
    table = table[table["solved"]]
    wrong = (table["machine_right"] < LEAST_OF_MACHINE).groupby(table["model"].astype(str))
    return counted(wrong)


def pointless(study: str, task: str) -> str:
    """Name the models of which networks have a probe without fixed points, and how many."""
    table = pd.read_parquet(f"results/{study}/population/networks/{task}.parquet")
    table = table[table["solved"]].assign(model=table["model"].astype(str))
    empty = (table["found"] == table["spurious"]).groupby([table["model"], table["seed"]]).any()
    return counted(empty.groupby("model"))


def counted(wrong: pd.api.typing.SeriesGroupBy) -> str:
    """Write how many networks of each model are wrong, of models that have any."""
    counts = wrong.agg(["sum", "size"])
    named = [
        f"`{model}` {own['sum']} of {own['size']}"
        for model, own in counts[counts["sum"] > 0].iterrows()
    ]
    return ", ".join(named) or "none"


def fewest_right(count: int) -> int:
    """Return how many of so many networks must be right for a claim to hold."""
    whole = np.arange(count)
    holding = (n for n in range(count + 1) if judge("", "", "", whole < n).verdict == HOLDS)
    return next(holding, count + 1)


def claims_table(study: str) -> str:
    """Return the body of a study's page of findings, without its heading."""
    text = Path(f"results/{study}/findings.md").read_text()
    return text[text.index("\n## ") :].strip().replace("\n## ", "\n### ").replace("## ", "### ", 1)


def main() -> None:
    """Fill the template, and copy the figures."""
    known = {key: findings(study) for key, study in STUDIES.items()}
    omega2 = SimpleNamespace(**{key: explained(study) for key, study in STUDIES.items()})
    tables = {f"{key}_table": claims_table(study) for key, study in STUDIES.items()}
    template = (DOCS / "universality.template.md").read_text()
    flipflops = {key: networks(study, "flipflop") for key, study in STUDIES.items()}
    solved = {key: int(table["solved"].sum()) for key, table in flipflops.items()}
    text = template.format(
        **known,
        omega2=omega2,
        rings=alone("constraints", "integrator", "rings"),
        arcs=alone("constraints", "integrator", "arcs"),
        pointless=pointless(STUDIES["small"], "context"),
        astray=astray(STUDIES["small"], "flipflop"),
        seeds=SimpleNamespace(**{k: table["seed"].nunique() for k, table in flipflops.items()}),
        networks=SimpleNamespace(**solved),
        fewest=SimpleNamespace(**{key: fewest_right(count) for key, count in solved.items()}),
        **tables,
    )
    (DOCS / "universality.md").write_text(text)
    for name, (study, task, kind) in FIGURES.items():
        figure = Path(f"results/{study}/figures/task={task}/{kind}.png")
        shutil.copy(figure, DOCS / f"universality_{name}.png")


if __name__ == "__main__":
    main()
