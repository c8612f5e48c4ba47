"""Follow the skeletons of the networks of one block over training."""

from collections.abc import Callable
from pathlib import Path

from rnnpipe.dynamics.development import develop
from rnnpipe.jobs.job import job
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.snapshots_file import load_snapshots
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import written
from rnnpipe.results.development import Growth, chosen, growths, rows_of
from rnnpipe.settings.job_settings import DevelopmentJob
from rnnpipe.streams import stream


@job(STAGES["development"])
def main(settings: DevelopmentJob, snapshots: Path, **files: Path) -> None:
    """Follow points and attractors from each kept step to the next, and date what is new."""
    kept, wanted = load_snapshots(snapshots), settings.development
    probes = chosen(settings.task.probes(), wanted.probes)
    line = ProgressLine("following skeletons over training", len(kept) * len(probes))
    done = 0
    with written(files, settings) as tables:
        for growth in growths(kept, settings.task, settings.task_name, wanted.trials):
            for probe, x in probes.items():
                found = develop(
                    growth.moments(x),
                    growth.family(x),
                    rng=stream(growth.seed, f"development {probe}"),
                    search=wanted.search_options(),
                    runs=wanted.run_options(),
                    report=_report(line, done, growth, probe),
                )
                done += len(growth.steps)
                for table, columns in rows_of(growth, found):
                    tables[table].add(seed=growth.seed, probe=probe, **columns)


def _report(
    line: ProgressLine, done: int, growth: Growth, probe: str
) -> Callable[[int, int], None]:
    """Return what says how far the steps of a network are, after those that are done."""

    def report(step: int, points: int) -> None:
        now = f"seed {growth.seed}, {probe}, step {growth.steps[step]}: {points} points"
        line.update(done + step + 1, now)

    return report


if __name__ == "__main__":
    main()
