"""What comparisons need of every network, read from the tables of its block."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rnnpipe.networks.stack import NetworkStack
from rnnpipe.population.similarity.gromov import cost_profile
from rnnpipe.population.similarity.reduction import reduce
from rnnpipe.population.similarity.rsa import dissimilarities
from rnnpipe.population.similarity.skeleton import Skeleton
from rnnpipe.population.similarity.spectra import leading_eigenvalues
from rnnpipe.population.similarity.weights import singular_profile
from rnnpipe.population.spurious_points import spurious

# Tables of a block that `features` reads, and their columns beside the seed.
COLUMNS: Mapping[str, Sequence[str]] = {
    "trajectories": ("seed", "trial", "time", "state", "output", "target"),
    "runs": ("seed", "trial", "time", "output", "target"),
    "fixed_points": ("seed", "probe", "point", "kind", "beyond_visited", "readout"),
    "stability": ("seed", "probe", "point", "unstable", "class"),
    "modes": ("seed", "probe", "point", "mode", "re", "im"),
    "edges": ("seed", "probe", "from", "to", "kind", "probability"),
}


@dataclass(frozen=True)
class Features:
    """One network, reduced to what distances are computed from.

    Attributes
    ----------
    seed
        The network's seed.
    basis, scale
        (sample, k) and (k,), from `reduction.reduce`.
    dissimilarities
        (pair,), from `rsa.dissimilarities`.
    outputs, targets
        (sample, output), on the harvested trials.
    long_outputs, long_targets
        (sample, output), on trials longer than trained.
    weights
        (bin,), the distribution of the recurrent matrix's singular values.
    skeleton, spectra, costs
        Fixed points, their leading eigenvalues and the distribution of the costs
        of going from one to another.
    paths
        (trial, time, k), whole trajectories along the leading components, where they
        were asked for; else ``None``.
    """

    seed: int
    basis: np.ndarray
    scale: np.ndarray
    dissimilarities: np.ndarray
    outputs: np.ndarray
    targets: np.ndarray
    long_outputs: np.ndarray
    long_targets: np.ndarray
    weights: np.ndarray
    skeleton: Skeleton
    spectra: np.ndarray
    costs: np.ndarray
    paths: np.ndarray | None


def features(
    networks: NetworkStack,
    seeds: Sequence[int],
    tables: Mapping[str, pd.DataFrame],
    probes: Sequence[str],
    outputs: int,
    components: int,
    samples: int,
    keep_paths: bool = False,
) -> Iterator[Features]:
    """Reduce the networks of a block one by one; those without trajectories are left out.

    Parameters
    ----------
    networks, seeds
        The block's networks.
    tables
        Those that `COLUMNS` names.
    probes
        Names of the probes, in an order that all blocks share.
    outputs
        Number of outputs.
    components, samples
        Principal components and, at most, states that are kept of each network.
    keep_paths
        Whether whole trajectories are wanted.
    """
    recurrent = networks.double().weights().recurrent.detach()
    matrices = networks.candidate(recurrent).cpu().numpy()
    for number, seed in enumerate(seeds):
        own = {name: table[table["seed"] == seed] for name, table in tables.items()}
        harvest, runs = (
            own[name].sort_values(["trial", "time"]) for name in ("trajectories", "runs")
        )
        if harvest.empty:
            continue
        states = np.stack(harvest["state"]).astype(np.float64)
        chosen = evenly(len(states), samples)
        basis, scale = reduce(states[chosen], components)
        skeleton, spectra = skeleton_of(own, probes, outputs)
        yield Features(
            seed=int(seed),
            basis=basis,
            scale=scale,
            dissimilarities=dissimilarities(states[chosen]),
            outputs=np.stack(harvest["output"])[chosen].astype(np.float64),
            targets=np.stack(harvest["target"])[chosen].astype(np.float64),
            long_outputs=np.stack(runs["output"]).astype(np.float64),
            long_targets=np.stack(runs["target"]).astype(np.float64),
            weights=singular_profile(matrices[number]),
            skeleton=skeleton,
            spectra=spectra,
            costs=cost_profile(skeleton.transitions),
            paths=_paths(states, harvest["trial"].nunique(), components) if keep_paths else None,
        )


def _paths(states: np.ndarray, trials: int, components: int) -> np.ndarray:
    basis, scale = reduce(states, components)
    return (basis * scale).reshape(trials, -1, components)


def evenly(rows: int, most: int) -> np.ndarray:
    """Numbers of at most so many rows, evenly spread, the first and the last among them."""
    return np.linspace(0, rows - 1, min(rows, most)).round().astype(int)


def skeleton_of(
    tables: Mapping[str, pd.DataFrame], probes: Sequence[str], outputs: int
) -> tuple[Skeleton, np.ndarray]:
    """Fixed points and cycles of one network, and their leading eigenvalues (point, mode, 2).

    Slow points and spurious points are no part of it. What noise sends to no
    point, or from a point that was not perturbed, reaches no attractor.
    """
    key = ["probe", "point"]
    points = tables["fixed_points"]
    points = points[(points["kind"] != "slow") & ~spurious(points, tables["stability"], key)]
    points = points.merge(tables["stability"][[*key, "unstable"]], on=key)
    told = [bool(np.isfinite(readout).all()) for readout in points["readout"]]
    points = points[np.array(told, dtype=bool)]
    count = len(points)
    row = pd.Series(np.arange(count), index=pd.MultiIndex.from_frame(points[key]))
    transitions = np.zeros((count, count + 1))
    edges = tables["edges"]
    edges = edges[edges["kind"] == "noise"]
    for end in ("from", "to"):
        at = pd.MultiIndex.from_arrays([edges["probe"], edges[end]])
        edges = edges.assign(**{f"{end}_row": row.reindex(at).to_numpy()})
    edges = edges[edges["from_row"].notna()]
    source, target = edges["from_row"].to_numpy(int), edges["to_row"].fillna(count).to_numpy(int)
    np.add.at(transitions, (source, target), edges["probability"].to_numpy(float))
    transitions[:, count] += np.maximum(1 - transitions.sum(1), 0)
    transitions /= transitions.sum(1, keepdims=True)
    modes = tables["modes"].sort_values([*key, "mode"])
    values = dict(list((modes["re"] + 1j * modes["im"]).groupby([modes[k] for k in key])))
    spectra = [values[name].to_numpy() for name in row.index]
    leading = leading_eigenvalues(np.stack(spectra)) if count else leading_eigenvalues(_NO_POINT)
    return (
        Skeleton(
            readouts=np.stack(points["readout"]) if count else np.zeros((0, outputs)),
            probe=points["probe"].map({name: i for i, name in enumerate(probes)}).to_numpy(int),
            unstable=points["unstable"].to_numpy(int),
            transitions=transitions,
        ),
        leading,
    )


_NO_POINT = np.zeros((0, 1), dtype=complex)
