"""States and skeleton of one network, drawn from its files on axes of the caller's own."""

from dataclasses import replace

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from rnnpipe.figures import style
from rnnpipe.figures.catalogue import KINDS
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import attractors, points, states
from rnnpipe.figures.panels.found import ABOVE
from rnnpipe.results.network_files import NetworkFiles
from rnnpipe.tasks import Task

# Those of the figure that shows the same of several networks.
TABLES = tuple(name for name in KINDS["trajectories"].tables if name != "networks")


def draw_network(
    files: NetworkFiles,
    task: Task,
    probe: str,
    dimensions: int,
    trials: int,
    ax: Axes | None,
) -> Axes:
    """Draw trajectories of held-out trials with the skeleton under one probe.

    Parameters
    ----------
    files
        Those of the network.
    task
        Its task, which says what the conditions of trials are.
    probe
        Name of the probe.
    dimensions
        2 or 3, principal components.
    trials
        Number of trials drawn.
    ax
        Where to draw; new axes if None.

    Raises
    ------
    ArtifactError
        If a file is missing or damaged.
    ValueError
        If dimensions are others, or not those of the axes.
    """
    if dimensions not in (2, 3):
        raise ValueError(f"dimensions are 2 or 3, not {dimensions}")
    projection = "3d" if dimensions == 3 else None
    if ax is None:
        ax = plt.figure(layout="constrained").add_subplot(projection=projection)
    if hasattr(ax, "get_zlim") != (dimensions == 3):
        raise ValueError(f'the axes have other dimensions than {dimensions}; "3d" is a projection')
    network = {"model": files.cohort.model, "constraint": files.cohort.constraint}
    chosen = pd.DataFrame([{**network, "seed": files.seed, "status": ""}])
    tables = {name: files.table(name).assign(**network) for name in TABLES}
    options = replace(FigureOptions.of(task, files.cohort.task, trials=trials), probe=probe)
    frame = states.prepare(tables, chosen, options)
    kind, paths = options.condition_kind, frame[frame["layer"] == "path"]
    coloured = style.condition_map(kind) is not None
    norm = states.norm_for(paths["condition"], kind) if coloured else None
    states.panel(ax, frame[frame["layer"] != "panel"], dimensions, kind, norm)
    if dimensions == 3:
        states.stage(ax, frame)
    entries = points.handles(frame[frame["layer"] == "point"])
    entries += attractors.handles(frame[frame["layer"] == "moving"])
    if entries:
        ax.legend(handles=entries, **ABOVE)
    return ax
