"""The skeletons of networks as arrays, and how nodes of different networks are matched.

A node is a fixed point or an attractor that moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

# Rows of probabilities come from counts, and from tables that may hold float32.
ROUNDING = 1e-5


@dataclass(frozen=True)
class Skeleton:
    """Nodes of one network under all probes, and where noise sends them.

    Attributes
    ----------
    readouts
        (node, output), the network's output at each point, and its mean along an attractor
        that moves.
    probe
        (node,) int, the number of the probe input; the same number for the same probe
        in every network.
    kind
        (node,) int, the number of its kind among `rnnpipe.dynamics.classes.KINDS`; 0 for all
        fixed points, saddles too.
    unstable
        (node,) int, modes with |λ| > 1; 0 for attractors that move.
    transitions
        (node, node + 1), probability of ending at each node after a perturbation;
        the last column is what reaches no attractor.

    Raises
    ------
    ValueError
        If shapes disagree, a readout is not finite, or a row is no distribution.
    """

    readouts: np.ndarray
    probe: np.ndarray
    kind: np.ndarray
    unstable: np.ndarray
    transitions: np.ndarray

    def __post_init__(self) -> None:
        nodes = len(self.readouts)
        per_node = {len(self.probe), len(self.kind), len(self.unstable)}
        if self.readouts.ndim != 2 or per_node != {nodes}:
            raise ValueError(
                f"a skeleton of {nodes} nodes has readouts (node, output), probe, kind and "
                f"unstable (node,), not {self.readouts.shape}, {self.probe.shape}, "
                f"{self.kind.shape}, {self.unstable.shape}"
            )
        if self.transitions.shape != (nodes, nodes + 1):
            raise ValueError(
                f"a skeleton of {nodes} nodes has transitions (node, node + 1), not "
                f"{self.transitions.shape}"
            )
        if not np.isfinite(self.readouts).all():
            raise ValueError("a readout is NaN or infinite; leave its node out")
        off = np.abs(self.transitions.sum(1) - 1) > ROUNDING
        if off.any() or (self.transitions < 0).any():
            worst = int(off.argmax()) if off.any() else int((self.transitions < 0).any(1).argmax())
            raise ValueError(
                f"transitions from node {worst} are not a distribution: they sum to "
                f"{self.transitions[worst].sum():g}, the least is {self.transitions[worst].min():g}"
            )

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.readouts)


def unrelated(
    skeleton: Skeleton, low: np.ndarray, high: np.ndarray, rng: np.random.Generator
) -> Skeleton:
    """Draw the readouts of a skeleton's nodes anew, each output uniformly and by itself.

    For topology distances of chance: a distance means something beside that of networks which
    share nothing but their sizes. The numbers of nodes under every probe, their kinds, unstable
    modes and transitions stay. Permuting the readouts of a network among its own nodes instead
    would leave a network of one node per probe as it is, and turning their signs a symmetric one.

    Parameters
    ----------
    skeleton
        Of one network.
    low, high
        (output,), the range of the targets.
    rng
        The network's own generator.
    """
    readouts = rng.uniform(low, high, skeleton.readouts.shape)
    return replace(skeleton, readouts=readouts)


@dataclass(frozen=True)
class Slots:
    """The slots of a population: every probe, kind and rounded readout that occur together.

    Attributes
    ----------
    probe, kind
        (slot,), the numbers of the probe and of the kind of node.
    level
        (slot, output) int, the readout in units of the level width.
    of_node
        For each network (node,), the slot of each of its nodes.
    """

    probe: np.ndarray
    kind: np.ndarray
    level: np.ndarray
    of_node: list[np.ndarray]

    @property
    def present(self) -> np.ndarray:
        """(network, slot) bool, whether the network has a node in the slot."""
        present = np.zeros((len(self.of_node), len(self.probe)), dtype=bool)
        for row, slots in zip(present, self.of_node, strict=True):
            row[slots] = True
        return present


def match(skeletons: Sequence[Skeleton], width: np.ndarray | float) -> Slots:
    """Match the nodes of all networks by their probe, kind and rounded readout.

    A fixed point and a limit cycle at the same readout are not the same node.

    Parameters
    ----------
    skeletons
        One per network, of the same task.
    width
        (output,) or one number: readouts within half of it of a multiple of it are one
        level. Half of the target's amplitude tells a flip-flop's saddles, which read
        0, from its memories, which read ±1.

    Raises
    ------
    ValueError
        If a width is not positive, or networks differ in their outputs.
    """
    width = np.asarray(width, dtype=np.float64)
    if not (width > 0).all():
        raise ValueError(f"level width is {width}; it must be positive")
    if len({skeleton.readouts.shape[1] for skeleton in skeletons}) > 1:
        raise ValueError(
            "networks differ in their number of outputs; their nodes cannot be matched"
        )
    keys = [
        np.column_stack([skeleton.probe, skeleton.kind, np.rint(skeleton.readouts / width)]).astype(
            np.int64
        )
        for skeleton in skeletons
    ]
    if not keys:
        return Slots(np.zeros(0, int), np.zeros(0, int), np.zeros((0, 0), int), [])
    unique, slots = np.unique(np.concatenate(keys), axis=0, return_inverse=True)
    ends = np.cumsum([len(key) for key in keys])
    return Slots(unique[:, 0], unique[:, 1], unique[:, 2:], np.split(slots.ravel(), ends[:-1]))
