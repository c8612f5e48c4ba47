"""Linearise the networks of one block at their fixed points."""

from pathlib import Path

import numpy as np

from rnnpipe.dynamics.linear_response import linear_response
from rnnpipe.dynamics.stability import analyse, jacobians_of
from rnnpipe.jobs.job import job
from rnnpipe.networks.jacobians import input_jacobian, output_jacobian
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import Block, written
from rnnpipe.settings.job_settings import StabilityJob


@job(STAGES["stability"])
def main(settings: StabilityJob, weights: Path, fixed_points: Path, **files: Path) -> None:
    """Eigenvalues, classes, time constants and linear responses at every fixed and slow point."""
    block = Block(weights, settings.task)
    networks, points = block.networks, block.read(fixed_points, ["point", "period", "state"])
    wanted = settings.stability
    with written(files, settings) as tables:
        for case, x in block.probes(progress="linearising"):
            own = points.of(case)
            if own.empty:
                continue
            states, period = points.states(own), own["period"].to_numpy()
            jacobians = jacobians_of(networks.dynamics(case.network, x), states, period)
            found = analyse(jacobians, wanted.tolerance, period)
            numbers = own["point"].to_numpy()
            columns = {"point": numbers, "period": period, **found.point_columns()}
            tables["stability"].add(**case.key, **columns)
            tables["modes"].add(**case.key, **found.mode_columns(numbers, wanted.vectors))
            inputs = input_jacobian(networks, case.network, states, x)
            outputs = output_jacobian(networks, case.network, states)
            # Of a cycle, an answer would depend on the phase at which the pulse comes.
            for i in np.flatnonzero(period == 1):
                key = {**case.key, "point": numbers[i]}
                at = (found.eigenvalues[i], found.right[i], found.left[i], inputs[i], outputs[i])
                answer = linear_response(*at, wanted.lags)
                tables["responses"].add(**key, **answer.mode_columns(wanted.kept))
                for number, channel in enumerate(block.task.channels):
                    columns = answer.reduced_columns(number, wanted.kept)
                    tables["reduced"].add(**key, channel=channel, **columns)


if __name__ == "__main__":
    main()
