"""Write universality.md from its template and the tables of the two studies.

    python docs/universality.py

Run after `config/universality-small.yaml` and `config/constraints.yaml`. Every number of
the page comes from their tables; the figures are copied from their results.
"""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from rnnpipe.population.findings.page import number

DOCS = Path(__file__).parent
STUDIES = {"small": "universality-small", "constraints": "constraints"}
FIGURES = {
    "memory": ("universality-small", "flipflop", "memory"),
    "oscillation": ("universality-small", "sinewave", "oscillation"),
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
    """Task -> claim -> value with its interval, verdict and number of networks."""
    table = pd.read_parquet(f"results/{study}/population/findings.parquet")
    tasks = {}
    for task, rows in table.groupby("task", sort=False):
        claims = {}
        for row in rows.itertuples():
            value = Number(row.value)
            value.low, value.high = row.low, row.high
            claims[row.claim] = SimpleNamespace(
                value=value, verdict=row.verdict, networks=row.networks
            )
        tasks[task] = SimpleNamespace(**claims)
    return SimpleNamespace(**tasks)


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


def rings(study: str, task: str) -> SimpleNamespace:
    """Constraint -> share of networks that have one ring and nothing else at rest."""
    table = pd.read_parquet(f"results/{study}/population/networks/{task}.parquet")
    rest = table[table["probe"] == table["probe"].iloc[0]]
    alone = (rest["rings"] == 1) & (rest["lines"] == 0)
    shares = alone.groupby(rest["constraint"].astype(str)).mean()
    return SimpleNamespace(**{name: Number(share) for name, share in shares.items()})


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
    text = template.format(
        **known, omega2=omega2, rings=rings("constraints", "integrator"), **tables
    )
    (DOCS / "universality.md").write_text(text)
    for name, (study, task, kind) in FIGURES.items():
        figure = Path(f"results/{study}/figures/task={task}/{kind}.png")
        shutil.copy(figure, DOCS / f"universality_{name}.png")


if __name__ == "__main__":
    main()
