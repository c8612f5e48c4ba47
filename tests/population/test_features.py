"""A network's tables become the skeleton and the states that distances are made of."""

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import KINDS
from rnnpipe.population.distances import distance_matrices
from rnnpipe.population.features import features, skeleton_of
from rnnpipe.settings.sections.analysis import ComparisonSettings
from rnnpipe.tasks import FlipFlop
from tests.helpers.networks import make_networks

PROBES = ["a", "b"]
METRICS = ComparisonSettings().metrics
COMPARISON = ComparisonSettings(components=3, samples=40)


def skeleton_tables() -> dict[str, pd.DataFrame]:
    """Two memories and a saddle under ``a``; a point and a limit cycle under ``b``; slow ones."""
    points = pd.DataFrame(
        {
            "probe": ["a", "a", "a", "a", "b"],
            "point": [0, 1, 2, 3, 0],
            "kind": ["fixed", "fixed", "fixed", "slow", "fixed"],
            "beyond_visited": False,
            "readout": [[1.0], [-1.0], [0.0], [0.5], [0.2]],
        }
    )
    edges = pd.DataFrame(
        [
            ("a", 0, 0, "noise", 1.0),
            ("a", 1, 1, "noise", 1.0),
            ("a", 2, 0, "noise", 0.5),
            ("a", 2, -1, "noise", 0.5),
            ("a", 0, 1, "input", 1.0),
            ("b", 0, 1, "noise", 0.75),
            ("b", 0, 2, "noise", 0.25),
            ("b", 1, 1, "noise", 1.0),
        ],
        columns=["probe", "from", "to", "kind", "probability"],
    )
    stability = points[["probe", "point"]].assign(unstable=[0, 0, 1, 0, 2])
    stability["class"] = ["stable", "stable", "marginal", "stable", "2-saddle"]
    modes = points[["probe", "point"]].merge(pd.DataFrame({"mode": [0, 1]}), how="cross")
    modes = modes.assign(re=0.5 - 0.1 * modes["mode"], im=0.0)
    attractors = pd.DataFrame(
        {
            "probe": ["a", "a", "b", "b"],
            "node": [0, 1, 1, 2],
            "kind": ["fixed", "fixed", "limit cycle", "slow"],
            "exponents": [[-0.7], [-0.7], [0.0, -0.5, -1.0], [-0.001]],
            "readout": [[1.0], [-1.0], [0.2], [0.3]],
        }
    )
    tables = {"fixed_points": points, "stability": stability, "modes": modes, "edges": edges}
    return {**tables, "attractors": attractors}


def test_a_skeleton_holds_points_moving_attractors_and_where_noise_leads():
    skeleton, spectra = skeleton_of(skeleton_tables(), PROBES, outputs=1)
    assert skeleton.probe.tolist() == [0, 0, 0, 1, 1]
    assert skeleton.kind.tolist() == [0, 0, 0, 0, KINDS.index("limit cycle")]
    assert skeleton.unstable.tolist() == [0, 0, 1, 2, 0]
    assert skeleton.readouts.ravel().tolist() == [1, -1, 0, 0.2, 0.2]
    # What goes to the slow drift goes nowhere.
    assert skeleton.transitions.tolist() == [
        [1, 0, 0, 0, 0, 0],
        [0, 1, 0, 0, 0, 0],
        [0.5, 0, 0, 0, 0, 0.5],
        [0, 0, 0, 0, 0.75, 0.25],
        [0, 0, 0, 0, 1, 0],
    ]
    assert np.allclose(spectra[:4, :2], [[[0.5, 0], [0.4, 0]]] * 4)
    assert np.allclose(spectra[4, :4, 0], [1, np.exp(-0.5), np.exp(-1), 0])


def test_a_node_that_was_not_perturbed_leads_nowhere():
    tables = skeleton_tables()
    tables["edges"] = tables["edges"][tables["edges"]["from"] != 1]
    skeleton, _ = skeleton_of(tables, PROBES, outputs=1)
    assert skeleton.transitions[1].tolist() == skeleton.transitions[4].tolist() == [0] * 5 + [1]


def test_a_spurious_point_is_left_out():
    tables = skeleton_tables()
    tables["fixed_points"] = tables["fixed_points"].assign(beyond_visited=True)
    skeleton, spectra = skeleton_of(tables, PROBES, outputs=1)
    assert skeleton.unstable.tolist() == [0, 0, 2, 0] and len(spectra) == 4


def test_a_network_without_nodes_has_an_empty_skeleton():
    tables = {name: table.iloc[:0] for name, table in skeleton_tables().items()}
    skeleton, spectra = skeleton_of(tables, PROBES, outputs=3)
    assert (skeleton.nodes, skeleton.readouts.shape, len(spectra)) == (0, (0, 3), 0)


def block(seeds: list[int], rotation: np.ndarray | None = None):
    """Networks with trajectories of their own; one seed has none."""
    task = FlipFlop(bits=1, time=6)
    networks = make_networks(seeds, task, units=4)
    trial, time = (axis.ravel() for axis in np.indices((8, 6)))
    runs = []
    for seed in seeds[:-1]:
        rng = np.random.default_rng(seed)
        states = rng.standard_normal((48, 4)) * [3, 2, 1, 0.5]
        states = states if rotation is None else states @ rotation
        outputs = rng.standard_normal((48, 1))
        runs.append(
            pd.DataFrame(
                {
                    "seed": seed,
                    "trial": trial,
                    "time": time,
                    "state": list(states.astype(np.float32)),
                    "output": list(outputs),
                    "target": list(np.sin(np.arange(48.0))[:, None]),
                }
            )
        )
    runs = pd.concat(runs)
    skeletons = skeleton_tables()
    tables = {
        name: pd.concat([table.assign(seed=seed) for seed in seeds])
        for name, table in skeletons.items()
    }
    tables |= {"trajectories": runs, "runs": runs.drop(columns="state")}
    return list(features(networks, seeds, tables, PROBES, 1, COMPARISON))


def test_a_network_without_trajectories_is_left_out():
    found = block([3, 5, 7])
    assert [network.seed for network in found] == [3, 5]
    assert found[0].basis.shape == (40, 3)


def test_every_metric_gives_a_proper_matrix_and_knows_a_rotated_copy():
    rotation = np.linalg.qr(np.random.default_rng(9).standard_normal((4, 4)))[0]
    networks = [*block([3, 5, 7]), *block([3, 5, 7], rotation)]
    matrices = distance_matrices(networks, METRICS, readout_level=1.0)
    assert list(matrices) == list(METRICS)
    for metric, matrix in matrices.items():
        assert matrix.shape == (4, 4), metric
        assert np.array_equal(matrix, matrix.T) and (np.diag(matrix) == 0).all(), metric
        assert np.allclose(matrix[[0, 1], [2, 3]], 0, atol=1e-3), metric
    for metric in ("svcca", "procrustes", "cka", "rsa", "function", "weights"):
        assert matrices[metric][0, 1] > 0.02, metric
