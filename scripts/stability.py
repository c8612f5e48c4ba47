"""Linearise the networks of one block at their fixed points."""

from pathlib import Path

import numpy as np

from rnnpipe.dynamics.linear_response import linear_response
from rnnpipe.dynamics.stability import analyse, jacobians_of
from rnnpipe.jobs.job import job, reads, writes
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.settings.job_settings import StabilityJob
from rnnpipe.tables.parquet import Chunks, checked_matrix, read_table, write_table


@job(
    StabilityJob,
    reads("weights", "the trained networks"),
    reads("fixed-points", "the points"),
    writes("stability", "one row per point: unstable modes, class, index, time constant"),
    writes("modes", "one row per mode: eigenvalue, right and left eigenvector"),
    writes("responses", "one row per leading mode: what inputs reach it, what outputs show it"),
    writes("reduced", "the answer to an input pulse, by the number of modes kept"),
)
def main(settings: StabilityJob, weights: Path, fixed_points: Path, **written: Path) -> None:
    """Eigenvalues, classes, time constants and linear responses at every fixed and slow point."""
    task = settings.task
    networks, seeds = load_networks(weights, {"inputs": task.inputs, "outputs": task.outputs})
    points = read_table(fixed_points, ["seed", "probe", "point", "period", "state"], seeds)
    tables = {name: Chunks(name) for name in ("stability", "modes", "responses", "reduced")}
    line = ProgressLine("linearising", len(seeds))
    for network, seed in enumerate(seeds):
        for probe, x in task.probes().items():
            own = points[(points["seed"] == seed) & (points["probe"] == probe)]
            if own.empty:
                continue
            states = checked_matrix(own["state"], fixed_points, width=networks.state_size)
            period = own["period"].to_numpy()
            jacobians = jacobians_of(networks.dynamics(network, x), states, period)
            found = analyse(jacobians, settings.stability.tolerance, period)
            numbers = own["point"].to_numpy()
            names = {"seed": seed, "probe": probe}
            tables["stability"].add(**names, point=numbers, period=period, **found.point_columns())
            vectors = settings.stability.vectors
            tables["modes"].add(**names, **found.mode_columns(numbers, vectors))
            inputs = networks.input_jacobian(network, states, x)
            outputs = networks.output_jacobian(network, states)
            # Of a cycle, an answer would depend on the phase at which the pulse comes.
            for i in np.flatnonzero(period == 1):
                at = (found.eigenvalues[i], found.right[i], found.left[i], inputs[i], outputs[i])
                answer = linear_response(*at, settings.stability.lags)
                kept = settings.stability.kept
                tables["responses"].add(**names, point=numbers[i], **answer.by_mode(kept))
                for number, channel in enumerate(task.channels):
                    columns = answer.by_modes_kept(number, kept)
                    tables["reduced"].add(**names, point=numbers[i], channel=channel, **columns)
        line.update(network + 1, f"seed {seed}")
    for name, chunks in tables.items():
        write_table(written[name], name, chunks.columns(), settings)


if __name__ == "__main__":
    main()
