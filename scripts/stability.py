"""Linearise the networks of one block at their fixed points."""

from pathlib import Path
from typing import Any

import numpy as np

from rnnpipe.artifacts import matrix, read_table, write_table
from rnnpipe.chunks import Chunks
from rnnpipe.job import job, reads, writes
from rnnpipe.progress import ProgressLine
from rnnpipe.stability import Stability, analyse, jacobians_of
from rnnpipe.tasks import make_task
from rnnpipe.weights_file import load_population

VECTORS = ("right_re", "right_im", "left_re", "left_im")


@job(
    reads("weights", "the trained networks"),
    reads("fixed-points", "the points"),
    writes("stability", "one row per point: unstable modes, class, index, time constant"),
    writes("modes", "one row per mode: eigenvalue, right and left eigenvector"),
    needs=("task", "stability"),
)
def main(settings: dict[str, Any], weights: Path, fixed_points: Path, **outputs: Path) -> None:
    """Eigenvalues, eigenvectors, classes and time constants at every fixed and slow point."""
    task = make_task(settings["task"])
    population, seeds = load_population(weights, {"inputs": task.inputs, "outputs": task.outputs})
    points = read_table(fixed_points, ["seed", "probe", "point", "period", "state"], seeds)
    stability, modes = Chunks("stability"), Chunks("modes")
    line = ProgressLine("linearising", len(seeds))
    for network, seed in enumerate(seeds):
        for probe, x in task.probes().items():
            own = points[(points["seed"] == seed) & (points["probe"] == probe)]
            if own.empty:
                continue
            states = matrix(own, "state", fixed_points, width=population.state_size)
            period = own["period"].to_numpy()
            jacobians = jacobians_of(population.dynamics(network, x), states, period)
            found = analyse(jacobians, settings["stability"]["tolerance"], period)
            numbers = own["point"].to_numpy()
            stability.add(seed=seed, probe=probe, point=numbers, period=period, **classes(found))
            modes.add(
                seed=seed,
                probe=probe,
                **mode_columns(found, numbers, settings["stability"]["vectors"]),
            )
        line.update(network + 1, f"seed {seed}")
    for chunks in (stability, modes):
        write_table(outputs[chunks.table], chunks.table, chunks.columns(), settings)


def classes(found: Stability) -> dict[str, np.ndarray]:
    """Columns of one row per point."""
    return {
        "unstable": found.unstable,
        "class": found.labels,
        "index": found.index,
        "spectral_radius": found.spectral_radius,
        "time_constant": found.time_constant,
        "frequency": found.frequency,
    }


def mode_columns(found: Stability, numbers: np.ndarray, vectors: int) -> dict[str, np.ndarray]:
    """Columns of one row per mode; vectors of the leading and of all the unstable ones only."""
    points, modes = found.eigenvalues.shape
    kept = (np.arange(modes) < vectors) | (np.abs(found.eigenvalues) > 1)
    columns = {
        "point": np.repeat(numbers, modes),
        "mode": np.tile(np.arange(modes), points),
        "re": found.eigenvalues.real.ravel(),
        "im": found.eigenvalues.imag.ravel(),
    }
    parts = (found.right.real, found.right.imag, found.left.real, found.left.imag)
    for name, part in zip(VECTORS, parts, strict=True):
        column = np.full(points * modes, None, dtype=object)
        for row, vector in zip(np.flatnonzero(kept), part[kept], strict=True):
            column[row] = vector
        columns[name] = column
    return columns


if __name__ == "__main__":
    main()
