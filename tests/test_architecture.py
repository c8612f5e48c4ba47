"""Imports point one way: from scripts to numerics, never back and never round."""

import ast
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parent.parent
NUMERICS = (
    "fixed_points",
    "continua",
    "continuation",
    "stability",
    "linear_response",
    "graph",
    "machine",
    "settle",
    "excursions",
    "similarity",
)
# Layer by layer, the ground first; a module may import from its own layer and those below.
LAYERS = [
    {
        "__init__",
        "schemas",
        "seeds",
        "masks",
        "channels",
        "device",
        "dynamics",
        "fingerprint",
        "progress",
        "readout",
        "activations",
        "interruption",
        "pcg64",
        "arrow_columns",
        "stale_lock",
        "owner",
        "job_log",
        "benchmark_line",
        "plain_text",
        "stray_points",
        "termination",
        "training_message",
    },
    {"artifacts", "scan", "tasks", "settings", "stages", *NUMERICS},
    {
        "checkpoint",
        "chunks",
        "constraints",
        "cells",
        "device_trials",
        "figures",
        "paths",
        "movie_file",
    },
    {
        "population",
        "schedule",
        "population_tables",
        "population_statistics",
        "constraint_effects",
        "job",
        "scene",
    },
    {
        "findings",
        "roster",
        "plan",
        "leftovers",
        "missing",
        "estimate",
        "members",
        "figure_options",
        "report_text",
        "folders",
        "pages",
    },
    {
        "torch_weights",
        "weights_file",
        "trial_batches",
        "block_tables",
        "benchmark_files",
        "status",
        "watch",
        "results_folder",
        "weights_frame",
        "population_features",
    },
    {
        "evaluation",
        "behaviour",
        "population_distances",
        "untrained",
        "training",
        "training_state",
        "training_step",
        "harvest",
        "weights_tables",
        "network_file",
        "network_scene",
    },
    {"library", "scene_commands"},
    {"cli"},
]
LAYER = {name: number for number, layer in enumerate(LAYERS) for name in layer}


def imports() -> nx.DiGraph:
    """Files of the package, an edge to each file that one imports."""
    graph = nx.DiGraph()
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in (ROOT / "rnnpipe").rglob("*.py")
    }
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
    # The package's own __init__ holds the version alone.
    graph.remove_node("rnnpipe")
    return graph


def part(name: str) -> str:
    return name.split(".")[1]


def test_there_is_no_circle():
    assert list(nx.simple_cycles(imports())) == []


def test_every_module_has_a_layer_and_imports_from_above_none():
    graph = imports()
    assert {part(name) for name in graph} | {"__init__"} == set(LAYER)
    upward = [(a, b) for a, b in graph.edges if LAYER[part(a)] < LAYER[part(b)]]
    assert upward == []


@pytest.mark.parametrize("group", [NUMERICS, ("figures",), ("tasks",)])
def test_mathematics_and_figures_know_no_population_and_no_settings(group):
    graph = imports()
    for name in graph:
        if part(name) in group:
            known = {part(found) for found in nx.descendants(graph, name)}
            allowed = {*group, "dynamics", "schemas", "channels", "stray_points"}
            assert known <= allowed, f"{name} reaches {sorted(known - allowed)}"


def test_numerics_touch_no_files_and_print_nothing():
    for path in (ROOT / "rnnpipe").rglob("*.py"):
        if path.name in ("artifacts.py", "cli.py", "job.py", "progress.py", "fingerprint.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("print", "open"), f"{path}: line {node.lineno}"
