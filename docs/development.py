"""Write development.md from its template and the tables of its experiment.

    python docs/development.py

Run after `config/development.yaml`. Every number of the page comes from its tables; the
figures are copied from its results.
"""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
from universality import claims_table, findings

from rnnpipe.population.findings.page import number
from rnnpipe.settings import load_experiment
from rnnpipe.tables.schemas import COHORT, NETWORK

DOCS = Path(__file__).parent
STUDY = "development"
RESULTS = Path("results") / STUDY
TASKS = ("flipflop", "integrator", "sinewave")
# Task, kind and what the picture shows.
FIGURES = {
    "network": ("flipflop", "development", "A network's loss, points and readouts over training"),
    "moments": ("flipflop", "moments", "The skeleton of a network at six moments of its training"),
    "births": ("flipflop", "births", "Births of points in the population"),
    "ring": ("integrator", "development", "A ring over its training"),
    "convergence": ("flipflop", "convergence", "How alike networks are over training"),
}


def read(table: str, task: str) -> pd.DataFrame:
    """Return a table of all blocks of a task; of a population table, its rows."""
    population = RESULTS / "population" / table / f"{task}.parquet"
    if population.is_file():
        return pd.read_parquet(population)
    rows = pd.read_parquet(RESULTS / table, filters=[("task", "=", task)])
    return rows.astype(dict.fromkeys(COHORT, str))


def first_probe(task: str) -> str:
    """Return the probe under which a task's development is told of here."""
    return next(iter(load_experiment("config/development.yaml").tasks[task].probes()))


def solved_from(task: str) -> pd.DataFrame:
    """Return for every network the kept step from which on it solves the task, and that before.

    A network that never does, or not to its end, has none.
    """
    rows = read("development", task)
    rows = rows[rows["probe"] == first_probe(task)].sort_values([*NETWORK, "step"])
    is_solved = load_experiment("config/development.yaml").tasks[task].is_solved
    found = []
    for key, own in rows.groupby(NETWORK):
        right = own["score"].map(is_solved).astype(bool).to_numpy()
        wrong = (~right).nonzero()[0]
        first = wrong[-1] + 1 if len(wrong) else 0
        if first < len(own):
            before = own["step"].iloc[max(first - 1, 0)]
            found.append((*key, own["step"].iloc[first], before))
    return pd.DataFrame(found, columns=[*NETWORK, "solved", "unsolved"])


def births(task: str, of: str = "point") -> pd.DataFrame:
    """Return the births of points or attractors under the first probe, each with its date."""
    rows = read("development_events", task)
    rows = rows[(rows["of"] == of) & (rows["event"] == "birth")]
    rows = rows[rows["probe"] == first_probe(task)]
    return rows.assign(date=rows["step"].fillna(rows["step_after"]))


def cohorts_table(task: str) -> str:
    """Return a table in Markdown of what arises in each cohort, under the first probe."""
    networks = read("networks", task).drop_duplicates(NETWORK)
    kept = read("development", task)
    kept = kept[kept["probe"] == first_probe(task)].sort_values("step")
    born, solved = births(task), solved_from(task)
    heading = [
        "model",
        "constraint",
        "solved",
        "solved from step",
        "points at step 0",
        "at the end",
        "attractors at the end",
        "half of the births by step",
        "a tenth, nine tenths",
        "deaths of points",
    ]
    lines = [f"| {' | '.join(heading)} |", "|---" * len(heading) + "|"]
    died = read("development_events", task)
    died = died[(died["of"] == "point") & (died["event"] == "death")]
    died = died[died["probe"] == first_probe(task)]
    for key, own in networks.groupby(COHORT, observed=True, sort=False):
        mine = [
            rows[(rows[COHORT] == list(key)).all(axis=1)] for rows in (kept, born, solved, died)
        ]
        steps, dates, when, dead = mine
        by_network = steps.groupby("seed")
        tenth, half, most = (dates["date"].quantile(share) for share in (0.1, 0.5, 0.9))
        cells = [
            *key,
            f"{int(own['solved'].sum())} of {len(own)}",
            whole(when["solved"].median()),
            number(by_network["points"].first().mean()),
            number(by_network["points"].last().mean()),
            number(by_network["attractors"].last().mean()),
            whole(half),
            f"{whole(tenth)}, {whole(most)}",
            number(len(dead) / len(own)),
        ]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def whole(value: float) -> str:
    """Write a step; a dash where there is none."""
    return f"{value:.0f}" if value == value else "–"


def kinds(task: str, of: str = "point") -> str:
    """Say how many births of points or attractors there are, and by which bifurcation."""
    born = births(task, of)
    counts = born["kind"].value_counts()
    named = ", ".join(f"{count} by a {kind}" for kind, count in counts.items() if kind != "unknown")
    unknown = f"; {counts['unknown']} unknown" if "unknown" in counts else ""
    return f"{len(born)} births: {named or 'none of a known kind'}{unknown}"


def of_attractors(task: str) -> str:
    """Say how many births of attractors there are, and by which bifurcation."""
    return kinds(task, "attractor")


def searched(task: str) -> str:
    """Say at how many kept steps of how many the certificate holds, and what searches missed."""
    rows = read("development", task)
    consistent = int((rows["certificate"] == "consistent").sum())
    one = int((rows["index_sum"] == 1).sum())
    return (
        f"Of {len(rows)} skeletons (networks, inputs and steps) {one} have indices that sum to 1, "
        f"and the certificate of {consistent} is consistent; {int(rows['missed'].sum())} points "
        "were missed by the search at their step and found from a neighbouring one"
    )


def deaths(claims: SimpleNamespace) -> str:
    """Say what is known of memories that die."""
    seen, cost = claims.F10c, claims.F10e
    if not seen.networks:
        return "No memory that was there at a kept step is gone at the next."
    return (
        f"Where memories die, the death is seen in {seen.share} ({seen.verdict}). Of the "
        f"{cost.networks} networks that lose one, it costs {cost.value:i} of the score "
        f"({cost.verdict})."
    )


def picture(name: str) -> str:
    """Copy a figure beside the page, and write how the page shows it."""
    task, kind, what = FIGURES[name]
    figure = RESULTS / f"figures/task={task}/{kind}.png"
    shutil.copy(figure, DOCS / f"development_{name}.png")
    return f"![{what}](development_{name}.png)\n\n*`{figure}`*"


def main() -> None:
    """Fill the template, and copy the figures."""
    claims = findings(STUDY)
    told = {
        "cohorts": cohorts_table,
        "kinds": kinds,
        "attractors": of_attractors,
        "searched": searched,
    }
    of_tasks = {
        name: SimpleNamespace(**{task: function(task) for task in TASKS})
        for name, function in told.items()
    }
    template = (DOCS / "development.template.md").read_text()
    text = template.format(
        claims=claims,
        claims_table=claims_table(STUDY),
        deaths=deaths(claims.flipflop),
        figures=SimpleNamespace(**{name: picture(name) for name in FIGURES}),
        **of_tasks,
    )
    (DOCS / "development.md").write_text(text)


if __name__ == "__main__":
    main()
