"""Fifteen rooms, and imports that point one way: to rooms further down, never up or round."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parent.parent
# From the ground up: a room imports only itself and the rooms before it.
ROOMS = (
    "tasks",
    "dynamics",
    "tables",
    "settings",
    "networks",
    "training",
    "population",
    "jobs",
    "figures",
    "scene",
    "plan",
    "results",
    "pages",
    "library",
    "commands",
)
# What stands beside the ground floor: every room may import these modules.
GROUND = ("faults", "given_files", "parameters", "streams")
# Files that may write on a terminal or open files: nothing else does.
MAY_PRINT = ("rnnpipe.jobs.", "rnnpipe.commands.", "rnnpipe.tables.", "rnnpipe.plan.fingerprint")
# Libraries that take a tenth of a second or more to import, and megabytes.
HEAVY = (
    *("torch", "torch._dynamo", "sympy", "scipy.spatial", "scipy.stats", "scipy.interpolate"),
    *("sklearn", "skbio", "networkx", "matplotlib", "matplotlib.pyplot", "plotly", "jinja2"),
    *("vedo", "vtkmodules"),
)
# What each script may import of them before its first own line, besides what those above it may:
# they are started in this order, in a process for each group.
STARTS = (
    {
        "seconds": (),
        "population": ("scipy.spatial",),
        "findings": ("scipy.stats", "scipy.interpolate"),
        "population_statistics": (),
    },
    {"figure": ("matplotlib",), "pages": ("plotly", "jinja2")},
    {
        "train": ("torch",),
        "behaviour": (),
        "harvest": (),
        "stability": (),
        "import_networks": (),
        "fixed_points": ("scipy.spatial",),
        "branches": (),
        "development": ("scipy.interpolate",),
        "loadings": ("scipy.interpolate",),
        "distances": (),
        "convergence": (),
        "graph": ("networkx",),
        "continua": (),
        "plane": (),
        "attractors": (),
        "ranks": (),
        "scene": ("matplotlib", "plotly", "jinja2"),
    },
)
LOOK = """
import json, runpy, sys
for script in sys.argv[2:]:
    runpy.run_path(f"scripts/{script}.py")
    print(json.dumps([script, sorted(set(json.loads(sys.argv[1])) & set(sys.modules))]))
"""


def sources() -> dict[str, Path]:
    """Files of the package by their dotted names."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in (ROOT / "rnnpipe").rglob("*.py")
    }


def imports() -> nx.DiGraph:
    """Files of the package, an edge to each file that one imports."""
    files, graph = sources(), nx.DiGraph()
    for name, path in files.items():
        graph.add_node(name)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                wanted = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                wanted = [alias.name for alias in node.names]
            else:
                continue
            graph.add_edges_from((name, found) for found in wanted if found in files)
    graph.remove_edges_from(nx.selfloop_edges(graph))
    # The package's own __init__ holds the version and the names of the library alone.
    graph.remove_node("rnnpipe")
    return graph


def room(name: str) -> str:
    return name.split(".")[1]


def test_the_package_has_fifteen_rooms_and_next_to_nothing_loose():
    inside = {room(name) for name in sources() if name != "rnnpipe"}
    assert inside == {*ROOMS, *GROUND}


def test_there_is_no_circle():
    assert list(nx.simple_cycles(imports())) == []


def test_a_room_imports_only_rooms_below_it():
    floor = {name: number for number, name in enumerate((*GROUND, *ROOMS))}
    ground = len(GROUND)
    upward = [
        (a, b)
        for a, b in imports().edges
        if floor[room(a)] < floor[room(b)] and floor[room(b)] >= ground
    ]
    assert upward == []


def test_mathematics_of_maps_imports_no_other_room():
    outside = [(a, b) for a, b in imports().edges if room(a) == "dynamics" != room(b)]
    assert outside == []


def test_files_stay_readable_in_one_sitting():
    long = {name: n for name, path in sources().items() if (n := lines(path)) > 300}
    assert long == {}


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_only_jobs_commands_and_tables_touch_files_or_print():
    for name, path in sources().items():
        if name.startswith(MAY_PRINT):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("print", "open"), f"{path}: line {node.lineno}"


@pytest.mark.parametrize("group", STARTS, ids=lambda group: next(iter(group)))
def test_a_script_imports_only_what_it_computes_with(group):
    """In a process of its own, since tests have imported all of it."""
    command = [sys.executable, "-c", LOOK, json.dumps(HEAVY), *group]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    loaded = dict(json.loads(line) for line in said.splitlines())
    allowed: set[str] = set()
    for script, new in group.items():
        allowed.update(new)
        assert set(loaded[script]) <= allowed, script


def test_every_script_says_what_it_may_import():
    named = [script for group in STARTS for script in group]
    assert sorted(named) == sorted(path.stem for path in (ROOT / "scripts").glob("*.py"))
