"""Follow the skeletons of the networks of one block over training."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import torch

from rnnpipe.dynamics.development import develop
from rnnpipe.jobs.checkpoint import CheckpointFile
from rnnpipe.jobs.job import job
from rnnpipe.jobs.processes import TRY_AGAIN, Interrupted, interruption
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.snapshots import Snapshots
from rnnpipe.networks.snapshots_file import load_snapshots
from rnnpipe.parameters import canonical
from rnnpipe.plan.fingerprint import Kinds, job_code
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import written
from rnnpipe.results.development import Growth, chosen, growths, rows_of
from rnnpipe.results.unfinished import add_rows, rows_content
from rnnpipe.settings.job_settings import DevelopmentJob
from rnnpipe.streams import stream
from rnnpipe.tables.artifacts import ArtifactError, read_bytes
from rnnpipe.tables.contents import digest
from rnnpipe.tables.parquet import Chunks


@job(
    STAGES["development"],
    click.option(
        "--checkpoint",
        type=click.Path(dir_okay=False, path_type=Path),
        required=True,
        help="Keeps the rows of the networks that are done; the job goes on after them.",
    ),
)
def main(settings: DevelopmentJob, snapshots: Path, checkpoint: Path, **files: Path) -> None:
    """Follow points and attractors from each kept step to the next, and date what is new."""
    task = settings.task
    kept = load_snapshots(snapshots, {"inputs": task.inputs, "outputs": task.outputs})
    if not len(kept):
        raise ArtifactError(
            f"{snapshots}: holds no weights of training; the section development of an "
            "experiment's file has them kept when its networks are trained"
        )
    try:
        with interruption() as asked, written(files, settings) as tables:
            identity = _identity(settings, snapshots, kept)
            done = CheckpointFile(checkpoint, identity, 0.0, asked, "the job")
            _follow(settings, kept, tables, done)
    except Interrupted as error:
        click.echo(error, err=True)
        sys.exit(TRY_AGAIN)
    done.remove()


def _identity(settings: DevelopmentJob, snapshots: Path, kept: Snapshots) -> str:
    """Return what the numbers depend on."""
    kinds = Kinds(frozenset({settings.task.kind}), frozenset({kept.networks.cell.kind}))
    return canonical(
        {
            "settings": settings,
            "snapshots": digest(read_bytes(snapshots)),
            "torch": torch.__version__,
            "code": job_code("development", kinds),
        }
    )


def _follow(
    settings: DevelopmentJob,
    kept: Snapshots,
    tables: Mapping[str, Chunks],
    checkpoint: CheckpointFile,
) -> None:
    """Add the rows of all networks, after those that a checkpoint has."""
    task, wanted = settings.task, settings.development
    probes = chosen(task.probes(), wanted.probes)
    if (before := checkpoint.load()) is not None:
        add_rows(tables, before)
    first = checkpoint.resumed_at
    counts = [int((kept.rows == row).sum()) * len(probes) for row in range(len(kept.seeds))]
    line = ProgressLine("following skeletons over training", sum(counts))
    line.first = done = sum(counts[:first])
    following = growths(kept, task, settings.task_name, wanted.trials, first)
    for row, growth in enumerate(following, start=first):
        for probe, x in probes.items():
            found = develop(
                growth.moments(x),
                growth.family(x),
                rng=stream(growth.seed, f"development {probe}"),
                search=wanted.search_options(),
                runs=wanted.run_options(),
                report=_report(line, done, growth, probe, checkpoint),
            )
            done += len(growth.steps)
            for table, columns in rows_of(growth, found):
                tables[table].add(seed=growth.seed, probe=probe, **columns)
        checkpoint.offer(row + 1, lambda: rows_content(tables))


def _report(
    line: ProgressLine, done: int, growth: Growth, probe: str, checkpoint: CheckpointFile
) -> Callable[[int, int], None]:
    """Return what says how far the steps of a network are, and stops the work if it is asked to."""

    def report(step: int, points: int) -> None:
        if checkpoint.asked():
            raise Interrupted(f"stopped at seed {growth.seed}; run again, it goes on from there")
        now = f"seed {growth.seed}, {probe}, step {growth.steps[step]}: {points} points"
        line.update(done + step + 1, now)

    return report


if __name__ == "__main__":
    main()
