"""Gather the benchmark files of an experiment into a table of seconds and memory."""

from pathlib import Path
from typing import Any

from rnnpipe.jobs.job import job, writes
from rnnpipe.results.seconds import read_benchmarks
from rnnpipe.tables.parquet import write_table


@job(
    writes("seconds", "one row per block's job: seconds, CPU seconds, memory in MB"),
    needs=("experiment", "cohorts", "blocks", "stages", "networks"),
)
def main(settings: dict[str, Any], seconds: Path) -> None:
    """Gather what Snakemake measured of every block's job."""
    write_table(seconds, "seconds", read_benchmarks(settings), settings)


if __name__ == "__main__":
    main()
