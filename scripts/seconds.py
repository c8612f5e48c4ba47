"""Gather the benchmark files of an experiment into a table of seconds and memory."""

from pathlib import Path

from rnnpipe.jobs.job import job
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.seconds import read_benchmarks
from rnnpipe.settings.job_settings import SecondsJob
from rnnpipe.tables.parquet import write_table


@job(STAGES["seconds"])
def main(settings: SecondsJob, seconds: Path) -> None:
    """Gather what Snakemake measured of every block's job."""
    write_table(seconds, "seconds", read_benchmarks(settings), settings)


if __name__ == "__main__":
    main()
