"""Snakemake's benchmark files read as a table with a row for every block's job."""

from pathlib import Path

import numpy as np
import pytest

from rnnpipe.plan.paths import block_benchmark
from rnnpipe.results.seconds import read_benchmarks
from rnnpipe.settings import Cohort
from rnnpipe.settings.job_settings import RuleJobs, SecondsJob
from rnnpipe.settings.members import OfCohort
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.parquet import read_table, write_table
from rnnpipe.tables.schemas import SCHEMAS

COHORT = Cohort("memory", "tanh8", "none")
RULES = {"train": ["memory"], "skeleton": ["memory"], "branches": ["other"]}
SETTINGS = SecondsJob(
    experiment="x",
    rules=[RuleJobs(rule=rule, tasks=tasks, constraints=["none"]) for rule, tasks in RULES.items()],
    cohorts=[OfCohort(**vars(COHORT))],
    labels=["0-3", "4-7"],
    networks={"0-3": 4, "4-7": 2},
)
# As Snakemake 9 writes it.
HEADER = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time"


def line(seconds: float, cpu: float | str = 1.5, memory: float | str = 300.25) -> str:
    return f"{seconds}\t0:00:01\t{memory}\t9.0\t9.0\t9.0\t0.0\t0.0\t50.0\t{cpu}"


def path(rule: str, block: str) -> Path:
    return Path(block_benchmark("x", rule, COHORT, block))


def write(rule: str, block: str, *lines: str) -> None:
    file = path(rule, block)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n")


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    """A benchmark file of every job, in the working directory."""
    monkeypatch.chdir(tmp_path)
    for seconds, (rule, block) in enumerate(
        (s, b) for s in ("train", "skeleton") for b in ("0-3", "4-7")
    ):
        write(rule, block, HEADER, line(seconds))


def test_every_job_has_its_row():
    table = read_benchmarks(SETTINGS)
    assert table[["rule", "seeds", "networks", "seconds"]].to_numpy().tolist() == [
        ["train", "0-3", 4, 0.0],
        ["train", "4-7", 2, 1.0],
        ["skeleton", "0-3", 4, 2.0],
        ["skeleton", "4-7", 2, 3.0],
    ]
    assert set(table["cpu_seconds"]) == {1.5} and set(table["memory_mb"]) == {300.25}
    assert (table[list(vars(COHORT))] == list(vars(COHORT).values())).all(axis=None)


def test_the_table_is_one_that_can_be_written(tmp_path):
    write("train", "4-7", HEADER, line(0.01, cpu="-", memory="-"))
    table = read_benchmarks(SETTINGS)
    write_table(tmp_path / "seconds.parquet", "seconds", table, {})
    assert list(read_table(tmp_path / "seconds.parquet")) == SCHEMAS["seconds"].names


def test_the_last_line_counts():
    write("train", "0-3", HEADER, line(50), line(7))
    assert read_benchmarks(SETTINGS)["seconds"].tolist() == [7.0, 1.0, 2.0, 3.0]


def test_what_was_not_measured_is_missing():
    write("train", "0-3", HEADER, line(0.02, cpu="-", memory="-"))
    row = read_benchmarks(SETTINGS).iloc[0]
    assert row["seconds"] == 0.02
    assert np.isnan(row["cpu_seconds"]) and np.isnan(row["memory_mb"])


@pytest.mark.parametrize(
    "lines",
    [
        ["hello"],
        [""],
        [HEADER],
        [HEADER, line("soon")],
        ["a\tb", "1\t2"],
        [HEADER, "1\t2\t3", "4" + "\t5" * 30],
    ],
)
def test_a_foreign_file_is_refused_by_name(lines):
    write("skeleton", "4-7", *lines)
    with pytest.raises(ArtifactError, match=f"^{path('skeleton', '4-7')}: is no benchmark file"):
        read_benchmarks(SETTINGS)


def test_a_measurement_that_was_deleted_is_missing():
    path("skeleton", "0-3").unlink()
    row = read_benchmarks(SETTINGS).iloc[2]
    assert (row["rule"], row["seeds"]) == ("skeleton", "0-3")
    assert row[["seconds", "cpu_seconds", "memory_mb"]].isna().all()


def test_a_binary_file_is_refused_by_name():
    file = path("skeleton", "0-3")
    file.write_bytes(bytes(range(256)))
    with pytest.raises(ArtifactError, match=f"^{file}: is no benchmark file"):
        read_benchmarks(SETTINGS)
