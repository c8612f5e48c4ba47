"""The scene of one network of an experiment, built from the network's files."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rnnpipe.dynamics.unstable_manifold_runs import UnstableManifoldRun, unstable_manifold_runs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.projection import project
from rnnpipe.figures.selection import examples, status
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.plan.paths import block_path, population_path
from rnnpipe.plan.plan import EXAMPLES
from rnnpipe.plan.stages import gathered
from rnnpipe.results.blocks import read_blocks
from rnnpipe.scene.build import build_scene
from rnnpipe.scene.contents import Scene
from rnnpipe.scene.frame import upright
from rnnpipe.settings.job_settings import SceneJob
from rnnpipe.settings.members import block_holds
from rnnpipe.settings.sections.analysis import PushSettings
from rnnpipe.tables.parquet import eigenpairs, matrix, read_table
from rnnpipe.tables.schemas import NETWORK


def scene_networks(settings: SceneJob) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the table of networks of a cohort, and choose the networks that a job draws.

    Parameters
    ----------
    settings
        The settings of the job.

    Returns
    -------
    tuple
        Rows of the table of networks; model, constraint, seed and status of those drawn.
    """
    (cohort,), part = settings.cohorts, settings.part
    table = read_table(population_path(settings.experiment, "networks", cohort.task))
    own = (table["model"] == cohort.model) & (table["constraint"] == cohort.constraint)
    table = table[own].reset_index(drop=True)
    if part == EXAMPLES:
        return table, examples(table, settings.scenes.networks)
    table = table[[block_holds(part, seed) for seed in table["seed"]]].reset_index(drop=True)
    every = table[NETWORK].assign(status=status(table)).drop_duplicates(NETWORK)
    return table, every.sort_values("seed", ignore_index=True)


def network_scene(settings: SceneJob, networks: pd.DataFrame, network: pd.Series) -> Scene:
    """Read the files of one network and build its scene.

    Parameters
    ----------
    settings
        The settings of the job.
    networks
        Rows of the population table, with those of the network.
    network
        Its model, constraint and seed.

    Raises
    ------
    ArtifactError
        If a file is missing or damaged.
    ValueError
        If the network has no trajectories.
    """
    one, task = network.to_frame().T, settings.task
    only = {"seed": [int(network["seed"])]}
    tables = {
        name: read_blocks(settings, name, networks=one, only=only)
        for name in gathered("scene", settings.asked)
        if name != "weights"
    }
    options = FigureOptions.of(task, settings.cohorts[0].task, trials=settings.scenes.trials)
    runs, turned = {}, False
    if len(tables["components"]):
        tables["components"], turned = upright(tables["components"], tables["modes"])
        stack, place = _stack(settings, network)
        runs = {
            probe: _unstable_manifold_runs(stack, place, x, probe, tables, settings.graph)
            for probe, x in task.probes().items()
        }
    colour = settings.scenes.colour
    return build_scene(
        {**tables, "networks": networks},
        options,
        network,
        list(task.probes()),
        task.channels,
        runs,
        colour,
        turned,
    )


def _stack(settings: SceneJob, network: pd.Series) -> tuple[NetworkStack, int]:
    """Load the block of a network; return it with the place of the network in it."""
    cohort, block = next(
        (cohort, block)
        for cohort, block in settings.blocks()
        if block_holds(block, network["seed"])
    )
    path = block_path(settings.experiment, "weights", cohort, block)
    networks, seeds = load_networks(path)
    return networks, seeds.index(network["seed"])


def _unstable_manifold_runs(
    stack: NetworkStack,
    place: int,
    x: np.ndarray,
    probe: str,
    tables: Mapping[str, pd.DataFrame],
    graph: PushSettings,
) -> list[UnstableManifoldRun]:
    """Run from the fixed points of one probe along unstable modes, in three components."""
    points, modes, searches = (
        table[table["probe"] == probe]
        for table in (tables["fixed_points"], tables["modes"], tables["searches"])
    )
    points = points[points["kind"] == "fixed"]
    modes = modes[modes["right_re"].notna()]
    if points.empty or modes.empty:
        return []
    own = [modes[modes["point"] == point] for point in points["point"]]
    pairs = [eigenpairs(rows, stack.state_size) for rows in own]
    components = tables["components"]
    found = unstable_manifold_runs(
        stack.dynamics(place, x),
        matrix(points["state"]),
        [eigenvalues for eigenvalues, _ in pairs],
        [right for _, right in pairs],
        lambda states: project(states, components, 3),
        spread=float(searches["spread"].iloc[0]),
        size=graph.size,
        steps=graph.steps,
    )
    numbers = points["point"].to_numpy()
    return [UnstableManifoldRun(int(numbers[run.source]), run.places) for run in found]
