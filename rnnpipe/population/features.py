"""The features of every network that distances compare, read from the tables of its block."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import FIXED, KINDS, SLOW
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.population.similarity.distributions import cost_profile, singular_profile
from rnnpipe.population.similarity.reduction import evenly, reduce
from rnnpipe.population.similarity.rsa import dissimilarities
from rnnpipe.population.similarity.skeleton import Skeleton
from rnnpipe.population.similarity.spectra import leading_eigenvalues
from rnnpipe.population.spurious_points import spurious
from rnnpipe.settings.sections.analysis import ComparisonSettings

# Tables of a block that `features` reads, and their columns beside the seed.
COLUMNS: Mapping[str, Sequence[str]] = {
    "trajectories": ("seed", "trial", "time", "state", "output", "target"),
    "runs": ("seed", "trial", "time", "output", "target"),
    "fixed_points": ("seed", "probe", "point", "kind", "beyond_visited", "readout"),
    "stability": ("seed", "probe", "point", "unstable", "class"),
    "modes": ("seed", "probe", "point", "mode", "re", "im"),
    "attractors": ("seed", "probe", "node", "kind", "exponents", "readout"),
    "edges": ("seed", "probe", "from", "to", "kind", "probability"),
}
# The columns that name a point and a node of one network.
_KEY = ["probe", "point"]
_NODE = ["probe", "node"]


@dataclass(frozen=True)
class Features:
    """The features of one network that distances are computed from.

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
        Fixed points and attractors that move, their leading eigenvalues and the
        distribution of the costs of going from one to another.
    paths
        (trial, time, k), whole trajectories along the leading components, if DSA
        compares them; else ``None``.
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
    comparison: ComparisonSettings,
) -> Iterator[Features]:
    """Reduce the networks of a block one by one; networks without trajectories are left out.

    Parameters
    ----------
    networks, seeds
        The block's networks.
    tables
        The tables that `COLUMNS` names.
    probes
        Names of the probes, in an order that all blocks share.
    outputs
        Number of outputs.
    comparison
        Numbers of principal components and of states kept per network, and the metrics.
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
        chosen = evenly(len(states), comparison.samples)
        basis, scale = reduce(states[chosen], comparison.components)
        skeleton, spectra = skeleton_of(own, probes, outputs)
        paths = None
        if "dsa" in comparison.metrics:
            paths = _paths(states, harvest["trial"].nunique(), comparison.components)
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
            paths=paths,
        )


def _paths(states: np.ndarray, trials: int, components: int) -> np.ndarray:
    """Whole trajectories (trial, time, k) along the leading components of states (sample, unit)."""
    basis, scale = reduce(states, components)
    return (basis * scale).reshape(trials, -1, components)


def skeleton_of(
    tables: Mapping[str, pd.DataFrame], probes: Sequence[str], outputs: int
) -> tuple[Skeleton, np.ndarray]:
    """Read the fixed points and other attractors of one network, and their leading eigenvalues.

    Slow points, slow drifts and spurious points are left out. Noise that leads to a node
    left out, or starts from a node that was not perturbed, reaches no attractor.

    Returns
    -------
    skeleton, spectra
        The nodes, and (node, mode, 2) from `spectra.leading_eigenvalues`; of an attractor
        that is no known point the spectrum is e to the power of its Lyapunov exponents.
    """
    nodes = pd.concat([_points(tables), _other_attractors(tables)], ignore_index=True)
    nodes = with_finite_readouts(nodes).sort_values(_NODE)
    row = pd.Series(np.arange(len(nodes)), index=pd.MultiIndex.from_frame(nodes[_NODE]))
    skeleton = skeleton_from(nodes, probes, outputs, _transitions(tables["edges"], row))
    return skeleton, leading_eigenvalues(_rectangle(nodes["spectrum"].tolist()))


def with_finite_readouts(nodes: pd.DataFrame) -> pd.DataFrame:
    """Leave out nodes whose ``readout`` is not finite."""
    finite = [bool(np.isfinite(readout).all()) for readout in nodes["readout"]]
    return nodes[np.array(finite, dtype=bool)]


def skeleton_from(
    nodes: pd.DataFrame, probes: Sequence[str], outputs: int, transitions: np.ndarray
) -> Skeleton:
    """Make a skeleton of nodes: rows of probe, kind, unstable and readout.

    Parameters
    ----------
    probes, outputs
        As for `skeleton_of`.
    transitions
        (node, node + 1), as in `Skeleton`.
    """
    return Skeleton(
        readouts=np.stack(nodes["readout"]) if len(nodes) else np.zeros((0, outputs)),
        probe=nodes["probe"].map({name: i for i, name in enumerate(probes)}).to_numpy(int),
        kind=nodes["kind"].map({kind: i for i, kind in enumerate(KINDS)}).to_numpy(int),
        unstable=nodes["unstable"].to_numpy(int),
        transitions=transitions,
    )


def _points(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Fixed points that are not spurious, with their eigenvalues."""
    points = tables["fixed_points"]
    points = points[(points["kind"] == FIXED) & ~spurious(points, tables["stability"], _KEY)]
    points = points.merge(tables["stability"][[*_KEY, "unstable"]], on=_KEY)
    modes = tables["modes"].sort_values([*_KEY, "mode"])
    values = dict(list((modes["re"] + 1j * modes["im"]).groupby([modes[k] for k in _KEY])))
    spectra = [values[tuple(point)].to_numpy() for point in points[_KEY].itertuples(index=False)]
    points = points.rename(columns={"point": "node"})[[*_NODE, "kind", "unstable", "readout"]]
    return points.assign(spectrum=pd.Series(spectra, index=points.index, dtype=object))


def _other_attractors(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Attractors that are no known points, but for slow drifts, with e to the power of exponents.

    Most of them move; a point at which a run rested may not have been found before.
    """
    rows, points = tables["attractors"], tables["fixed_points"]
    known = rows[_NODE].merge(
        points[_KEY].assign(known=True), left_on=_NODE, right_on=_KEY, how="left"
    )
    rows = rows[known["known"].isna().to_numpy() & (rows["kind"] != SLOW)]
    spectra = [np.exp(np.asarray(exponents, dtype=complex)) for exponents in rows["exponents"]]
    rows = rows[[*_NODE, "kind", "readout"]].assign(unstable=0)
    return rows.assign(spectrum=pd.Series(spectra, index=rows.index, dtype=object))


def _rectangle(spectra: Sequence[np.ndarray]) -> np.ndarray:
    """Spectra of any lengths as (node, mode), with NaN where one is shorter than the longest."""
    widest = max((len(own) for own in spectra), default=1)
    table = np.full((len(spectra), widest), np.nan, dtype=complex)
    for row, own in zip(table, spectra, strict=True):
        row[: len(own)] = own
    return table


def _transitions(edges: pd.DataFrame, row: pd.Series) -> np.ndarray:
    """Where noise leads from each node (node, node + 1); `row` numbers probes and nodes."""
    count = len(row)
    transitions = np.zeros((count, count + 1))
    edges = edges[edges["kind"] == "noise"]
    for end in ("from", "to"):
        at = pd.MultiIndex.from_arrays([edges["probe"], edges[end]])
        edges = edges.assign(**{f"{end}_row": row.reindex(at).to_numpy()})
    edges = edges[edges["from_row"].notna()]
    source, target = edges["from_row"].to_numpy(int), edges["to_row"].fillna(count).to_numpy(int)
    np.add.at(transitions, (source, target), edges["probability"].to_numpy(float))
    transitions[:, count] += np.maximum(1 - transitions.sum(1), 0)
    transitions /= transitions.sum(1, keepdims=True)
    return transitions
