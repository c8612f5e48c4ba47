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
# What all scripts of a group may import, and each of them besides, before its first own line.
STARTS: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {
    (): {
        "seconds": (),
        "population": (),
        "findings": ("scipy.spatial", "scipy.stats", "scipy.interpolate"),
        "population_statistics": ("scipy.spatial", "scipy.stats", "scipy.interpolate"),
        "figure": ("matplotlib",),
        "pages": ("matplotlib", "plotly", "jinja2"),
    },
    ("torch",): {
        "train": (),
        "behaviour": (),
        "harvest": (),
        "stability": (),
        "import_networks": (),
        "fixed_points": (),
        "branches": (),
        "attractors": (),
        "continua": ("networkx",),
        "graph": ("networkx",),
        "plane": (),
        "ranks": (),
        "development": ("scipy.spatial", "scipy.interpolate"),
        "loadings": ("scipy.spatial", "scipy.interpolate"),
        "distances": ("scipy.spatial",),
        "convergence": ("scipy.spatial",),
        "scene": ("matplotlib", "plotly", "jinja2"),
    },
}
# A process for a group, which imports what all need once; a copy of it for each of its scripts.
LOOK = """
import importlib, json, os, runpy, sys
import rnnpipe.jobs.job, rnnpipe.plan.reads, rnnpipe.results.blocks
shared, heavy, scripts = map(json.loads, sys.argv[1:])
for name in shared:
    importlib.import_module(name)
for script in scripts:
    if not os.fork():
        runpy.run_path(f"scripts/{script}.py")
        print(json.dumps([script, sorted({*heavy} & sys.modules.keys())]), flush=True)
        os._exit(0)
    os.wait()
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


@pytest.mark.parametrize("shared", STARTS, ids=lambda shared: shared[0] if shared else "light")
def test_a_script_imports_only_what_it_computes_with(shared):
    """In a process of its own, since tests have imported all of it."""
    words = map(json.dumps, (shared, HEAVY, [*STARTS[shared]]))
    command = [sys.executable, "-c", LOOK, *words]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    loaded = dict(json.loads(line) for line in said.splitlines())
    for script, own in STARTS[shared].items():
        assert set(loaded[script]) <= {*shared, *own}, script


def test_every_script_says_what_it_may_import():
    named = [script for group in STARTS.values() for script in group]
    assert sorted(named) == sorted(path.stem for path in (ROOT / "scripts").glob("*.py"))
