"""Transitions as a directed graph of networkx."""

from collections.abc import Mapping, Sequence

import networkx as nx

from rnnpipe.dynamics.transitions import UNASSIGNED, Edges


def to_digraph(
    edges: Edges,
    attributes: Mapping[str, Sequence[object]],
    numbers: Sequence[int] | None = None,
) -> nx.DiGraph:
    """The transitions as a directed graph, for notebooks.

    Parameters
    ----------
    edges
        Transitions.
    attributes
        Name of a node attribute (``class``, ``unstable``, ``readout``) to its
        value at every node, in the order of the nodes. The class of an attractor
        that is no point is its kind.
    numbers
        Numbers of the nodes (node,) in their order; by default from 0 on.

    Returns
    -------
    networkx.DiGraph
        Nodes are their numbers, and ``"unassigned"`` if an edge leads there. An
        edge carries, by kind, the probability: ``noise``, ``unstable manifold``
        and ``input``, the last by name of the pulse. The same input gives the
        same pickle.
    """
    graph = nx.DiGraph()
    if numbers is None:
        most = [len(values) for values in attributes.values()]
        numbers = range(int(max([*most, *(edges.source + 1), *(edges.target + 1)], default=0)))
    nodes = [int(number) for number in numbers]
    graph.add_nodes_from(nodes)
    for name, values in attributes.items():
        if len(values) != len(nodes):
            raise ValueError(f"attribute {name!r} has {len(values)} values for {len(nodes)} nodes")
        nx.set_node_attributes(graph, dict(zip(nodes, values, strict=True)), name)
    for source, target, kind, label, probability in zip(
        edges.source, edges.target, edges.kind, edges.input, edges.probability, strict=True
    ):
        end = "unassigned" if target == UNASSIGNED else int(target)
        graph.add_edge(int(source), end)
        edge = graph.edges[int(source), end]
        if kind == "input":
            edge.setdefault(kind, {})[label] = float(probability)
        else:
            edge[kind] = float(probability)
    return graph
