"""Which jobs an edit of the package repeats by itself: a table, an edit a row.

Jobs that read what these write follow, as Snakemake sees to it. ``pytest -s`` prints the table.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import BLOCK_STAGES, STAGES
from rnnpipe.settings import Experiment
from tests.helpers.codes import every_code, read_at

ROOT = Path(__file__).parents[2]
EXPERIMENT = {
    "experiment": "edits",
    "seeds": "0-1",
    "tasks": {
        "flipflop": {"bits": 2},
        "integrator": {"probes": {"still": {}, "turn": {"speed": [-0.3, 0.3, 5]}}},
        "antisaccade": {},
    },
    "models": {
        "vanilla": {"cell": "vanilla", "units": 8},
        "lstm": {"cell": "lstm", "units": 8},
    },
    "constraints": {"none": {}, "dale": {"dale_ratio": 0.5}},
    "ranks": {},
}
# Stages of this experiment that work on networks themselves, and the others that load some.
ASKED = {name for name, stage in BLOCK_STAGES.items() if stage.only in (None, "swept", "ranks")}
NETWORKS = {*ASKED, "distances", "figure", "scene"}
LOOPING = ASKED - {"train"}
OF_TASKS = {*NETWORKS, "population"}


def only(what: str, stages: Iterable[str]) -> set[str]:
    """Stages of whose jobs some repeat."""
    return {f"{stage} of {what}" for stage in stages}


@dataclass(frozen=True)
class Edit:
    """An edit: in a file, one text takes another's place, or is put at its end."""

    what: str
    file: str
    old: str
    new: str
    repeats: set[str]


ECHO = """from rnnpipe.tasks.flipflop import FlipFlop


class Echo(FlipFlop):
    kind: str = "echo"
"""
MINIMAL = """from rnnpipe.networks.cells.lstm import LSTM


class Minimal(LSTM):
    kind = "minimal"
"""
NONE: set[str] = set()
DRAWING = {"figure", "scene", "pages"}
EDITS = [
    # What is new or another's repeats nothing.
    Edit("a new task", "tasks/echo.py", "", ECHO, NONE),
    Edit(
        "a new task's name",
        "tasks/__init__.py",
        "        FlipFlop,",
        "        FlipFlop,\n        Echo,",
        NONE,
    ),
    Edit("a new cell", "networks/cells/minimal.py", "", MINIMAL, NONE),
    Edit(
        "a new cell's name",
        "networks/cells/__init__.py",
        "(Vanilla, CTRNN",
        "(Vanilla, Minimal, CTRNN",
        NONE,
    ),
    Edit("a new cell in the settings", "settings/sections/models.py", '"ugrnn"', '"new"', NONE),
    Edit("a new kind of figure", "figures/kinds/new.py", "", "NEEDS = 1\n", NONE),
    Edit("its name", "figures/kinds/__init__.py", '"census",', '"census", "new",', NONE),
    Edit("a task that nobody has", "tasks/match.py", "2 * np.pi", "3 * np.pi", NONE),
    Edit("a cell that nobody has", "networks/cells/gru.py", "u_n + r * q", "u_n - r * q", NONE),
    Edit(
        "another task's file",
        "tasks/flipflop.py",
        "self.probability / 4",
        "self.probability / 5",
        only("flipflop", OF_TASKS - {"branches"}) | {"findings", "pages"},
    ),
    Edit(
        "a task that another one builds upon",
        "tasks/integrator.py",
        "2 * np.pi",
        "3 * np.pi",
        only("antisaccade, integrator", OF_TASKS - {"branches"})
        | {"branches", "findings", "pages"},
    ),
    Edit(
        "a base of all tasks",
        "tasks/base.py",
        "1 - error / variance",
        "2 - error / variance",
        OF_TASKS | {"findings", "pages"},
    ),
    # What is only said repeats nothing.
    Edit("a docstring", "training/fit.py", '"""', '"""Of late: ', NONE),
    Edit("a comment", "training/fit.py", "import numpy", "# Why not?\nimport numpy", NONE),
    Edit("a message", "networks/constraints.py", "is needed", "would be needed", NONE),
    Edit("what else files carry", "tables/provenance.py", 'return ""', 'return "none"', NONE),
    Edit("a log line", "../scripts/train.py", "training goes on", "training resumes", NONE),
    Edit(
        "another log line",
        "../scripts/train.py",
        "    with interruption()",
        '    click.echo(f"training {seeds}", err=True)\n    with interruption()',
        NONE,
    ),
    Edit("a label of progress", "../scripts/graph.py", "following", "finding", NONE),
    Edit("what progress says", "../scripts/branches.py", " branches", " curves", NONE),
    Edit("how progress is shown", "jobs/progress.py", "100 * done", "101 * done", NONE),
    Edit("a help text of a task", "tasks/flipflop.py", "Steps per trial", "Time", NONE),
    Edit("a help text", "settings/sections/training.py", "Stays at the peak", "Stays", NONE),
    Edit("a bound of settings", "settings/sections/training.py", "OpenFraction", "Real", NONE),
    Edit("a command", "commands/describe.py", "plan", "scheme", NONE),
    Edit("the plan", "plan/paths.py", '"logs"', '"logbooks"', NONE),
    Edit("how tables are written", "tables/parquet.py", '"zstd"', '"snappy"', NONE),
    Edit("what a column means", "tables/schemas/networks.py", "Training step, from", "Step", NONE),
    Edit("what shared ones mean", "tables/schemas/shared.py", "Seed of the", "Number of the", NONE),
    Edit(
        "the meaning of made columns",
        "tables/schemas/population.py",
        "{kind}`, spur",
        "{kind}`: spur",
        NONE,
    ),
    # Columns repeat the stage that writes them.
    Edit("a column of edges", "tables/schemas/attractors.py", '"from":', '"at":', {"graph"}),
    Edit("a type", "tables/schemas/networks.py", '"step": whole', '"step": number', {"train"}),
    Edit(
        "a column of the population",
        "tables/schemas/population.py",
        '"modules": whole',
        '"parts": whole',
        {"population"},
    ),
    Edit(
        "a column that tables share",
        "tables/schemas/shared.py",
        "PROBE = text",
        "PROBE = whole",
        {"fixed_points", "attractors", "continua", "stability", "graph", "ranks", "population"},
    ),
    Edit(
        "a new type of column",
        "tables/schemas/columns.py",
        "def whole(",
        "def date(meaning):\n    return 1\n\n\ndef whole(",
        NONE,
    ),
    Edit(
        "a type's numbers",
        "tables/schemas/columns.py",
        "pa.float32",
        "pa.float16",
        {"harvest", "behaviour"},
    ),
    # Numbers repeat where they are made.
    Edit(
        "the scan of the LSTM",
        "networks/cells/lstm.py",
        "torch.mul(c, gain",
        "torch.mul(c, 2 * gain",
        only("lstm", NETWORKS - {"distances", "figure"}) | {"distances", "figure"},
    ),
    Edit(
        "the scan of vanilla networks",
        "networks/cells/leaky.py",
        "torch.lerp(h, f, self.alpha)",
        "torch.lerp(f, h, self.alpha)",
        only("vanilla", NETWORKS - {"distances", "figure"}) | {"distances", "figure"},
    ),
    Edit("a scan that all share", "networks/cells/scan.py", "dim=-1", "dim=-2", NETWORKS),
    Edit("training", "training/schedule.py", "1 / schedule.start", "2 / schedule.start", {"train"}),
    Edit(
        "trials on a device",
        "training/device_trials.py",
        "SIGN = -(1 << 63)",
        "SIGN = -(1 << 62)",
        {"train"},
    ),
    Edit("a Jacobian", "networks/jacobians.py", "dim=1", "dim=2", {"stability"}),
    Edit("turns", "dynamics/continua/continuum.py", "2 * np.pi", "3 * np.pi", {"continua"}),
    Edit(
        "limit cycles", "dynamics/attractors/curve.py", "argmin", "argmax", {"attractors", "ranks"}
    ),
    Edit("transitions", "dynamics/attractors/settle.py", ".min(1)", ".max(1)", {"graph", "scene"}),
    Edit("the loop over networks", "results/block_loop.py", "own.iloc[0]", "own.iloc[-1]", LOOPING),
    Edit(
        "which rows statistics read",
        "results/blocks.py",
        "isin(wanted)",
        "isin(wanted[:1])",
        {"population", "statistics", "findings", "figure", "scene"},
    ),
    Edit(
        "which seeds a block holds",
        "settings/members.py",
        "<= seed <=",
        "< seed <=",
        {"population", "statistics", "findings", "figure", "scene"},
    ),
    Edit(
        "factors that statistics ask for",
        "tables/schemas/population.py",
        '    "units",\n',
        "",
        {"statistics", "findings", "figure of effects, numbers"},
    ),
    Edit(
        "which rows claims are judged by",
        "population/findings/claims.py",
        '"mode": (0,)',
        '"mode": (0, 1)',
        {"findings"},
    ),
    Edit(
        "a claim",
        "population/findings/memory.py",
        "undecided.sum() == 1",
        "undecided.sum() <= 1",
        {"findings"},
    ),
    Edit("a distance", "population/similarity/topology.py", "/ 4", "/ 2", {"distances"}),
    Edit("the table of seconds", "results/seconds.py", "lines[-1]", "lines[1]", {"seconds"}),
    Edit("a script", "../scripts/graph.py", "[0] * len", "[1] * len", {"graph"}),
    # What is drawn.
    Edit("what a figure is told", "figures/options.py", "task.outputs", "task.inputs", DRAWING),
    Edit("a colour", "figures/style.py", "#8A8A8A", "#8B8B8B", DRAWING),
    Edit(
        "a kind of figure",
        "figures/kinds/census.py",
        "lw=1.2",
        "lw=1.3",
        {"figure of census"},
    ),
    Edit(
        "a panel",
        "figures/panels/outcomes.py",
        "0.06",
        "0.07",
        {"figure of effects, numbers"},
    ),
    Edit("weights in a figure", "results/weights.py", "dtype=object", "dtype=str", {"figure"}),
    Edit("a picture", "scene/solid.py", "deep=True", "deep=False", {"scene"}),
    Edit("a page's style", "pages/pages.css", "{", "{ ", {"scene", "pages"}),
]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan(Experiment.from_mapping(EXPERIMENT))


@pytest.fixture(scope="module")
def repeated(plan, tmp_path_factory) -> Iterator[Callable[[Edit], set[str]]]:
    """Stages that an edit of a copy of the package and its scripts repeats."""
    folder = tmp_path_factory.mktemp("copy")
    for part in ("rnnpipe", "scripts"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    package = folder / "rnnpipe"

    def codes() -> dict[tuple[str, ...], str]:
        with read_at(package):
            return every_code(plan)

    with pytest.MonkeyPatch.context() as patch:
        # What is read of files is kept beside the copy, as in use.
        patch.setattr("sys.dont_write_bytecode", False)
        before = codes()

        def apply(edit: Edit) -> set[str]:
            file = package / edit.file
            text = file.read_text() if file.exists() else None
            assert text is None or edit.old in text
            file.write_text(edit.new if text is None else text.replace(edit.old, edit.new, 1))
            try:
                after = codes()
            finally:
                file.write_text(text) if text is not None else file.unlink()
            return summary({job: after[job] != before[job] for job in before}, plan)

        yield apply


def summary(changed: Mapping[tuple[str, ...], bool], plan: Plan) -> set[str]:
    """Stages by name, and by cell, task or kind of figure where some of their jobs repeat."""
    found = set()
    for stage in STAGES:
        jobs = {job[1:]: now for job, now in changed.items() if job[0] == stage}
        if jobs and all(jobs.values()):
            found.add(stage)
        elif any(jobs.values()):
            found.add(f"{stage} of {_some(jobs)}")
    return found


def _some(jobs: Mapping[tuple[str, ...], bool]) -> str:
    """What tells the jobs that repeat from the others: their task, cell or kind of figure."""
    for place in range(len(next(iter(jobs)))):
        some = {job[place] for job, now in jobs.items() if now}
        if all(now == (job[place] in some) for job, now in jobs.items()):
            return ", ".join(sorted(some))
    return f"{sum(jobs.values())} of {len(jobs)} jobs"


@pytest.mark.parametrize("edit", EDITS, ids=[edit.what for edit in EDITS])
def test_an_edit_repeats_what_it_touches(edit, repeated):
    found = repeated(edit)
    print(f"{edit.what:32} | {edit.file:34} | {', '.join(sorted(found)) or 'nothing'}")
    assert found == edit.repeats
