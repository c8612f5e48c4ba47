"""Edits of the package, and the stages whose jobs each repeats by itself.

Jobs that read what these write follow, as Snakemake sees to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from rnnpipe.plan.stages import BLOCK_STAGES

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
