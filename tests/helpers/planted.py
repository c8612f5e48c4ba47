"""Files of an experiment's jobs, planted to look as its workflow would leave them."""

import os
import pickle
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from rnnpipe.commands.status.jobs import Job
from rnnpipe.jobs.log import FRESH_SECONDS
from rnnpipe.jobs.origin import found_origin
from rnnpipe.jobs.processes import LOCKS, note_owner
from rnnpipe.plan.expected import Expected
from rnnpipe.plan.job_settings import job_settings
from rnnpipe.plan.paths import output_paths
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.rules import RULES
from rnnpipe.tables.contents import table_digest
from rnnpipe.tables.parquet import write_table
from rnnpipe.tables.provenance import (
    CONTENT,
    IN_FOLDER,
    IN_WEIGHTS,
    KEY,
    made_from,
    mark_folder,
    provenance,
)
from rnnpipe.tables.schemas import SCHEMAS
from tests.helpers.plans import plan

NOW = 1_800_000_000.0
HEADER = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time"
FIRST = "train.py on another-machine, process 1, since 2027-01-15T07:58:20+00:00"
SINCE = 1_799_999_900.0


def plant_done(
    job: Job,
    seconds: float,
    scores: tuple[float, ...] = (),
    of: Plan | None = None,
    reasons: tuple[str, ...] = (),
    told: bool = False,
) -> None:
    """All files of a job that ended well, which say that they were made as `of` plans it.

    The networks of a training end for the given reasons, by default after all steps.
    If `told`, files also say what those held that they were made from, which must be there.
    """
    expected = _expected(of)
    for stage in RULES[job.rule]:
        _plant_files(expected, stage.name, job.names, scores, reasons, told)
    plant_log(job, "finished after 3 s")
    benchmark = Path(job.benchmark)
    benchmark.parent.mkdir(parents=True, exist_ok=True)
    benchmark.write_text(f"{HEADER}\n{seconds}\t0:00:01" + "\t1.0" * 8 + "\n")


def _plant_files(
    expected: Expected,
    stage: str,
    names: tuple[str, ...],
    scores: tuple[float, ...],
    reasons: tuple[str, ...],
    told: bool,
) -> None:
    """The files of one stage of a job."""
    settings = job_settings(expected.plan, stage, *names)
    origin = expected.origin(stage, *names)
    if told:
        origin = found_origin(origin, expected.reads(stage, *names))
    with made_from(origin):
        for output in map(Path, output_paths(expected.plan.name, stage, *names).values()):
            output.parent.mkdir(parents=True, exist_ok=True)
            if output.name == "training.parquet":
                ends = reasons or ("steps",) * len(scores)
                write_table(output, "training", _training(scores, ends), settings)
            elif output.name == "history.parquet":
                write_table(output, "history", _history(len(scores)), settings)
            elif told and output.suffix == ".parquet":
                plant_table(output, output.stem, settings, 0.0)
            elif told and not output.suffix:
                output.mkdir(exist_ok=True)
                mark_folder(output, settings)
            else:
                plant_words(output, provenance(settings))


def plant_table(file: Path, name: str, settings: Any, value: float) -> None:
    """A table of one column, which holds a number."""
    rows = pa.table({name: [value]})
    said = {KEY: provenance(settings), CONTENT: table_digest(rows)}
    pq.write_table(rows.replace_schema_metadata(said), file)


def plant_words(file: Path, words: str) -> None:
    """A file or folder that says how it was made, and nothing else."""
    if file.suffix == ".parquet":
        pq.write_table(pa.table({}).replace_schema_metadata({KEY: words}), file)
    elif file.suffix == ".pt":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("archive/data.pkl", pickle.dumps({IN_WEIGHTS: words}, protocol=2))
    elif file.suffix == ".png":
        texts = PngInfo()
        texts.add_text(KEY, words)
        Image.new("L", (1, 1)).save(file, pnginfo=texts)
    elif file.suffix:
        file.touch()
    else:
        file.mkdir(exist_ok=True)
        (file / IN_FOLDER).write_text(words)


@cache
def _expected_by_default() -> Expected:
    return Expected(plan())


def _expected(of: Plan | None) -> Expected:
    return Expected(of) if of else _expected_by_default()


def plant_log(job: Job, *lines: str, age: float = 10.0) -> None:
    """A log that was touched so many seconds ago."""
    log = Path(job.log)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("\n".join([FIRST, *lines]) + "\n")
    os.utime(log, (NOW - age, NOW - age))


def plant_dead(job: Job, *lines: str) -> None:
    """The log of a job that nothing has been heard of since."""
    plant_log(job, *lines, age=FRESH_SECONDS + 1)


def plant_workflow() -> None:
    """The lock of a workflow that this process runs."""
    LOCKS.mkdir(parents=True, exist_ok=True)
    (LOCKS / "0.input.lock").touch()
    note_owner()


def _history(networks: int) -> dict[str, np.ndarray]:
    """Four steps of every network, validated at the second and the last."""
    seed, step = (grid.ravel() for grid in np.mgrid[:networks, 1:5])
    loss = 1.0 / step
    columns = {"learning_rate": np.ones(len(seed)), "gradient_norm": np.ones(len(seed))}
    validation = np.where(step % 2 == 0, loss, np.nan)
    return {"seed": seed, "step": step, "loss": loss, "validation_loss": validation, **columns}


def _training(scores: tuple[float, ...], reasons: tuple[str, ...]) -> dict[str, np.ndarray]:
    rows = len(scores)
    text = {"stop_reason": np.array(reasons, dtype=object)}
    numbers = {name: np.zeros(rows) for name in SCHEMAS["training"].names if name not in text}
    return {**numbers, **text, "seed": np.arange(rows), "score": np.array(scores, dtype=float)}
