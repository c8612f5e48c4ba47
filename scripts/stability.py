"""Linearise the networks of one block at their fixed points."""

from pathlib import Path

from rnnpipe.dynamics.linear_response import linear_response
from rnnpipe.dynamics.stability import analyse
from rnnpipe.jobs.job import job
from rnnpipe.networks.jacobians import input_jacobian, output_jacobian
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import Block, written
from rnnpipe.settings.job_settings import StabilityJob


@job(STAGES["stability"])
def main(settings: StabilityJob, weights: Path, fixed_points: Path, **files: Path) -> None:
    """Eigenvalues, classes, time constants and linear responses at every fixed and slow point."""
    block = Block(weights, settings.task)
    networks, points = block.networks, block.read(fixed_points, ["point", "state"])
    wanted = settings.stability
    with written(files, settings) as tables:
        for case, x in block.probes(progress="linearising"):
            own = points.of(case)
            if own.empty:
                continue
            states, dynamics = points.states(own), networks.dynamics(case.network, x)
            found = analyse(dynamics.jacobian(dynamics.placed(states)).numpy(), wanted.tolerance)
            numbers = own["point"].to_numpy()
            tables["stability"].add(**case.key, point=numbers, **found.point_columns())
            tables["modes"].add(**case.key, **found.mode_columns(numbers, wanted.vectors))
            inputs = input_jacobian(networks, case.network, states, x)
            outputs = output_jacobian(networks, case.network, states)
            for i, number in enumerate(numbers):
                key = {**case.key, "point": number}
                at = (found.eigenvalues[i], found.right[i], found.left[i], inputs[i], outputs[i])
                answer = linear_response(*at, wanted.lags)
                tables["responses"].add(**key, **answer.mode_columns(wanted.kept))
                for place, channel in enumerate(block.task.channels):
                    columns = answer.reduced_columns(place, wanted.kept)
                    tables["reduced"].add(**key, channel=channel, **columns)


if __name__ == "__main__":
    main()
