"""The real workflow on a small experiment, and experiments that it refuses."""

import re

import numpy as np
import pandas as pd
import pytest

from rnnpipe.plan.paths import (
    output_paths,
    page_name,
    scene_folder,
    scene_name,
)
from rnnpipe.plan.plan import EXAMPLES, Plan
from rnnpipe.plan.stages import POPULATION, STAGES
from rnnpipe.settings import Experiment
from rnnpipe.tables.schemas import TABLES
from tests.workflow.checkout import BLOCK_RULES, EXPERIMENT, OWN_RULES, Checkout, changed

# The tables that the small experiment has.
OWN_TABLES = {name for own in OWN_RULES.values() for stage in own for name in stage.schemas}
COHORTS = {("flipflop", "none"), ("flipflop", "noautapses"), ("integrator", "none")}


def test_every_planned_file_is_there_and_no_partial_one(finished):
    plan = Plan(Experiment.from_mapping(EXPERIMENT))
    expected = {path for stage in STAGES for path in plan.stage_files(stage)}
    for cohort in plan.cohorts():
        folder = scene_folder("small", cohort, EXAMPLES)
        expected |= {f"{folder}/{scene_name(0, suffix)}" for suffix in ("html", "txt")}
        pages = output_paths("small", "pages")["folder"]
        expected |= {f"{pages}/index.html", f"{pages}/{page_name(*vars(cohort).values(), 0)}"}
    assert all((finished.folder / path).stat().st_size > 0 for path in expected)
    assert not list(finished.results.rglob("*.partial"))


@pytest.mark.usefixtures("graphics")
def test_every_cohort_has_its_picture(finished):
    pictures = list(finished.results.glob("scenes/*/*/*/*/seed=0.png"))
    assert len(pictures) == len(COHORTS)


@pytest.mark.parametrize(
    "table",
    ["training", "history", "dimensionality", "searches", "attractors", "ends"]
    + [f"population/{name}" for name in POPULATION if name in OWN_TABLES],
)
def test_a_folder_reads_as_one_table_with_its_keys(finished, table):
    frame = pd.read_parquet(finished.results / table)
    of_groups = {f"population/{n}" for n in ("missing", "statistics", "mantel", "effects")}
    assert {"task"} | ({"seed"} if table not in of_groups else set()) <= set(frame)
    if table in ("population/networks", "training"):
        found = set(zip(frame["task"].astype(str), frame["constraint"].astype(str), strict=True))
        assert found == COHORTS
        assert len(frame) == 6
        assert (frame["mask_violations"] == 0).all()


def test_places_are_empty_only_where_what_a_column_means_says_so(finished):
    for table in OWN_TABLES:
        columns = TABLES[table]
        files = [*finished.results.rglob(f"{table}.parquet")]
        files += finished.results.glob(f"population/{table}/*.parquet")
        rows = pd.concat(map(pd.read_parquet, files))
        for name, column in columns.items():
            values = rows[name]
            if str(column.type).startswith("list"):
                values = values[[row is None or len(row) > 0 for row in values]].explode()
            said = re.search("NaN|null", column.meaning)
            assert said or values.notna().all(), (table, name)
            numeric = pd.to_numeric(values, errors="coerce")
            assert "infinite" in column.meaning or not np.isinf(numeric).any(), (table, name)


def test_seconds_name_every_job_of_every_block(finished):
    seconds = pd.read_parquet(finished.results / "population" / "seconds.parquet")
    swept = [cohort for cohort in COHORTS if "integrator" in cohort]
    jobs = [swept if own[0].only == "swept" else COHORTS for own in BLOCK_RULES.values()]
    assert len(seconds) == sum(map(len, jobs))
    assert (seconds["seconds"] > 0).all()
    assert set(seconds["rule"]) == set(BLOCK_RULES)


def test_graphs_name_the_networks_of_their_block(finished):
    for path in finished.results.glob("graphs/**/*.pkl"):
        assert set(pd.read_pickle(path)) == {0, 1}


def test_captions_count_networks_that_were_not_solved(finished):
    for path in finished.results.glob("figures/**/*.txt"):
        number = 4 if "flipflop" in str(path) else 2
        assert f"{number} networks: " in path.read_text()
        assert "not solved" in path.read_text()


def test_the_status_of_a_finished_experiment_is_done(finished):
    text = finished.status()
    assert text.startswith(
        "experiment small: 6 networks: 6 done, 0 stale, 0 running, 0 failed, 0 waiting;"
    )
    rules = [line.split() for line in text.splitlines()]
    assert ["train", "3", "3", "0", "0", "0"] in [words[:6] for words in rules]
    assert "more" not in text


def test_logs_show_progress_in_plain_lines(finished):
    log = next(finished.results.glob("logs/train/flipflop.*.log")).read_text()
    assert "40/40" in log
    assert "\r" not in log


def test_the_default_experiment_joins_no_other(finished):
    """The default's seeds, constraints and integrator would add jobs."""
    only = {key: EXPERIMENT[key] for key in ("experiment", "models")}
    one = {**only, "seeds": [5], "tasks": {"flipflop": {"bits": 1}}}
    finished.write({**one, "experiment": "other"})
    output = finished.start("--dry-run").communicate()[0]
    assert "task=flipflop, model=tanh8, constraint=none, seeds=4-7" in output
    for absent in ("integrator", "tanh64", "dale80", "seeds=0-3"):
        assert absent not in output


def test_wrong_settings_are_refused_before_any_job_all_at_once(finished):
    changes = {
        "training.stepz": 3,
        "models.tanh8.activation": "tan",
        "constraints.none": {"density": 3},
        "seeds": "3-1",
        "training.steps": -1,
    }
    output = finished.refused(**changes)
    assert "experiment.yaml" in output and "5 faults" in output
    lines = {key: line for line in output.splitlines() for key in changes if key in line}
    assert changes.keys() == lines.keys()
    assert 'did you mean "steps"' in lines["training.stepz"]
    assert "softplus" in lines["models.tanh8.activation"]
    assert "Traceback" not in output
    assert "Job stats" not in output


def test_a_key_given_twice_is_refused(finished):
    finished.write(changed({}))
    file = finished.folder / "experiment.yaml"
    file.write_text(file.read_text() + "\nseeds: 0-5\n")
    output = finished.start().communicate()[0]
    assert "stands on line" in output
    assert "Job stats" not in output


def test_targets_stop_where_their_names_say(tmp_path):
    checkout = Checkout(tmp_path)
    for target, last in (("networks", {"train"}), ("skeletons", set(BLOCK_RULES))):
        output = checkout.run("--dry-run", target)
        jobs = {line.split()[1].rstrip(":") for line in output.splitlines() if "rule " in line[:9]}
        assert jobs & {*BLOCK_RULES, "figure", "population"} == last
