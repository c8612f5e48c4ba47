"""What is known of flip-flops and integrators, found in the networks of the default experiment."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from rnnpipe.dynamics.spread import spread
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.tables.parquet import checked_matrix, read_table
from tests.workflow.checkout import Checkout

pytestmark = pytest.mark.slow
KEY = ["constraint", "seed"]


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    checkout = Checkout(tmp_path_factory.mktemp("default"))
    running = checkout.start(file="config/config.yaml")
    output = running.communicate()[0]
    assert running.returncode == 0, output
    return checkout.folder / "results" / "quickstart"


def networks(results: Path, task: str) -> pd.DataFrame:
    return read_table(results / "population" / "networks" / f"{task}.parquet")


def of_solved(results: Path, table: str, task: str) -> pd.DataFrame:
    """Rows of a table of blocks that belong to the solved networks of a task."""
    frame = pd.read_parquet(results / table, filters=[("task", "==", task)])
    frame["constraint"] = frame["constraint"].astype(str)
    solved = networks(results, task)
    return frame.merge(solved.loc[solved["solved"], KEY], on=KEY)


@pytest.mark.parametrize("task", ["flipflop", "integrator"])
def test_nearly_all_networks_are_solved_and_none_violates_its_constraint(results, task):
    table = networks(results, task)
    assert len(table) == 12
    assert table["solved"].mean() > 0.9
    assert (table[["mask_violations", "sign_violations"]] == 0).all(axis=None)


def test_solved_flipflops_have_8_stable_points_and_27_in_all(results):
    table = networks(results, "flipflop")
    solved = table[table["solved"]]
    assert (solved["unstable_0"] == 8).all()
    complete = (solved["found"] == 27) & (solved["index_sum"] == 1)
    assert complete.mean() >= 0.95
    census = solved.loc[complete, [f"unstable_{k}" for k in range(9)]]
    assert (census == [8, 12, 6, 1, 0, 0, 0, 0, 0]).all(axis=None)


def test_points_of_flipflops_read_out_a_zero_for_each_unstable_mode(results):
    points = of_solved(results, "fixed_points", "flipflop")
    points = points[points["kind"] == "fixed"]
    classes = of_solved(results, "stability", "flipflop")[[*KEY, "point", "unstable"]]
    points = points.merge(classes, on=[*KEY, "point"])
    signs = np.round(np.stack(points["readout"]))
    assert ((signs == 0).sum(axis=1) == points["unstable"]).mean() >= 0.95
    assert (np.abs(signs[points["unstable"] == 0]) == 1).all()


def test_every_run_of_a_flipflop_ends_in_a_stable_point(results):
    attractors = of_solved(results, "attractors", "flipflop")
    assert (attractors["kind"] == "fixed").all()
    classes = of_solved(results, "stability", "flipflop")
    stable = classes[classes["unstable"] == 0].rename(columns={"point": "node"})
    both = attractors.merge(stable, on=[*KEY, "node"])
    assert len(both) == len(attractors) == len(stable)
    ends = of_solved(results, "ends", "flipflop")
    assert (ends["moving_share"] == 0).all() and (ends["box_unassigned"] == 0).all()


def test_saddles_of_flipflops_fall_to_their_neighbours_on_the_cube(results):
    points = of_solved(results, "fixed_points", "flipflop").set_index([*KEY, "point"])["readout"]
    edges = of_solved(results, "edges", "flipflop")
    noise = edges[edges["kind"] == "noise"]
    near = total = 0.0
    for _, edge in noise.iterrows():
        start = np.round(points[edge["constraint"], edge["seed"], edge["from"]])
        if (start == 0).sum() != 1:
            continue
        total += edge["probability"]
        if edge["to"] >= 0:
            end = np.round(points[edge["constraint"], edge["seed"], edge["to"]])
            near += edge["probability"] * (end[start != 0] == start[start != 0]).all()
    assert total > 100
    assert near / total >= 0.95


def test_pulses_move_flipflops_to_the_right_neighbour(results):
    table = networks(results, "flipflop")
    machine = read_table(results / "population" / "state_machine" / "flipflop.parquet")
    machine = machine.merge(table.loc[table["solved"], KEY], on=KEY)
    assert len(machine) == table["solved"].sum() * 8 * 6
    assert machine["right"].mean() >= 0.99


def integrators(results: Path):
    """Solved integrators: population, network, visited states."""
    solved = of_solved(results, "training", "integrator")
    for constraint, rows in solved.groupby("constraint"):
        block = f"task=integrator/model=tanh64/constraint={constraint}/seeds=0-3"
        networks, seeds = load_networks(results / "weights" / block / "weights.pt")
        path = results / "trajectories" / block / "trajectories.parquet"
        harvested = read_table(path, ["seed", "state"])
        for seed in rows["seed"]:
            states = checked_matrix(harvested.loc[harvested["seed"] == seed, "state"], path)
            yield networks, seeds.index(seed), states


def run(networks, network: int, state: np.ndarray, velocity: float, steps: int):
    """States (step, unit) under a constant velocity, and their readouts' unwrapped heading."""
    dynamics = networks.dynamics(network, np.array([velocity, 0.0, 0.0]))
    visited = [torch.from_numpy(state)[None]]
    for _ in range(steps):
        visited.append(dynamics.step(visited[-1]))
    path = torch.cat(visited)
    outputs = networks.select([network]).double().readout(path[None, None])[0, 0].numpy()
    return path.numpy(), np.unwrap(np.arctan2(outputs[:, 1], outputs[:, 0]))


@pytest.mark.parametrize("velocity", [0.1, -0.1])
def test_the_states_of_integrators_form_a_ring_that_the_readout_traverses_once(results, velocity):
    """Turned once by the input, heading and state are back where they were, and only then.

    Of three networks in four or more: a slow speed, held longer than in training, stops short in
    some that have gaps or many beads.
    """
    turn = round(2 * np.pi / abs(velocity))
    right = []
    for networks, network, states in integrators(results):
        path, heading = run(networks, network, states[-1], velocity, 5 * turn)
        turns = (heading[-1] - heading[0]) / (2 * np.pi)
        apart = np.linalg.norm(path - path[-1], axis=1) / spread(states)
        once = np.flatnonzero(np.abs(heading - heading[-1]) >= 2 * np.pi)
        back = len(once) > 0 and apart[once[-1] - 2 : once[-1] + 3].min() < 0.2
        away = len(once) > 0 and apart[once[-1] :].max() > 1
        right.append(abs(turns - 5 * np.sign(velocity)) < 0.3 and back and away)
    assert len(right) >= 11 and np.mean(right) >= 0.75


def attractors(results: Path) -> pd.DataFrame:
    """The continuous attractors of solved integrators at rest."""
    curves = of_solved(results, "continua", "integrator")
    return curves[curves["nature"] == "attractor"]


def test_at_rest_integrators_have_one_continuous_attractor_that_the_heading_goes_round(results):
    """Closed rings are gone round exactly once; torn ones are arcs, with less than is covered."""
    found = attractors(results)
    table = networks(results, "integrator")
    assert len(found) == found.groupby(KEY).ngroups == table["solved"].sum()
    round_it = found["kind"].isin(["ring", "arc"]) & (found["turns"].abs() > 0.85)
    assert round_it.mean() >= 0.75
    rings = found[found["kind"] == "ring"]
    assert len(rings) >= 0.25 * len(found)
    np.testing.assert_allclose(rings["turns"].abs(), 1, atol=1e-9)
    assert (found["transversal"] < 1).all() and (found["crossing"] >= 10).all()


def test_their_heading_hardly_drifts_along_it(results):
    """Radians per step at rest; the speeds that were trained are from 0.1."""
    found = attractors(results)
    assert (found.loc[found["turns"].abs() > 0.85, "condition_drift"] < 0.002).all()


def test_their_points_at_rest_are_beads_on_the_curve(results):
    points = of_solved(results, "fixed_points", "integrator")
    classes = of_solved(results, "stability", "integrator")[[*KEY, "point", "unstable"]]
    points = points.merge(classes, on=[*KEY, "point"])
    beads = points[(points["kind"] == "fixed") & (points["unstable"] <= 1)]
    found = attractors(results)
    assert found["fixed"].sum() >= 0.8 * len(beads)
    assert (found["fixed"] + found["slow"] >= 8).mean() >= 0.75


def test_flipflops_have_no_continuum(results):
    assert of_solved(results, "continua", "flipflop").empty
