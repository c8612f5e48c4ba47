"""The report of a finished experiment holds every figure with its caption, and every table."""

import html
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from rnnpipe.plan.paths import output_paths
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import Experiment
from tests.workflow.checkout import EXPERIMENT

PLAN = Plan(Experiment.from_mapping(EXPERIMENT))


@pytest.fixture(scope="module")
def report(finished) -> zipfile.ZipFile:
    finished.run("--report", "report.zip")
    with zipfile.ZipFile(finished.folder / "report.zip") as archive:
        yield archive


@pytest.fixture(scope="module")
def page(report) -> str:
    return report.read("report/report.html").decode()


def embedded(page: str, name: str) -> Any:
    """A value that the report's page holds for its script."""
    script = re.search(rf'<script id="{name}">\s*var \w+ = (.*?);?\s*</script>', page, re.DOTALL)
    return json.loads(script[1])


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


def test_every_figure_is_in_it_with_the_text_of_its_caption(finished, page, report):
    results = embedded(page, "results")
    figures = list(PLAN.figures())
    for task, kind in figures:
        files = output_paths("small", "figure", task, kind)
        caption = (finished.folder / files["caption"]).read_text()
        for path in (files["png"], files["table"]):
            shown = results[path]
            assert plain(caption) in plain(shown["caption"])
            assert shown["labels"]["figure"] == kind
            content = (finished.folder / path).read_bytes()
            assert report.read(f"report/{shown['data_uri']}") == content
    by_task = embedded(page, "categories")["Figures"]
    assert {task: len(paths) for task, paths in by_task.items()} == {
        task: 2 * sum(own == task for own, _ in figures) for task in PLAN.tasks()
    }


def test_tables_and_findings_are_in_it(page):
    categories = embedded(page, "categories")
    tables = {path for paths in categories["Tables"].values() for path in paths}
    findings = output_paths("small", "findings")
    gathered = ("population", "distances", "statistics", "seconds")
    assert tables == {
        *(path for stage in gathered for path in PLAN.stage_files(stage)),
        findings["findings"],
    }
    assert [*categories["Findings"].values()] == [[findings["html"]]]
    captions = [embedded(page, "results")[path]["caption"] for path in tables]
    assert all("One row per" in caption for caption in captions)


def test_skeletons_are_in_it_with_their_captions_or_it_says_why_not(finished, page):
    captions = [
        c for folder in PLAN.stage_files("scene") for c in (finished.folder / folder).glob("*.txt")
    ]
    assert captions
    results, drawn = (
        embedded(page, "results"),
        [c for c in captions if c.with_suffix(".png").exists()],
    )
    for caption in drawn:
        path = str(caption.with_suffix(".png").relative_to(finished.folder))
        assert plain(caption.read_text()) == plain(results[path]["caption"])
    shown = embedded(page, "categories").get("Skeletons in 3D", {})
    assert sum(map(len, shown.values())) == len(drawn)
    lacking = f"{len(captions) - len(drawn)} of {len(captions)} pictures in three dimensions"
    assert (lacking in plain(embedded(page, "workflow-desc"))) == (drawn != captions)


def test_nothing_in_it_is_misread_as_markup(page):
    assert "system-message" not in page
    assert all(result["caption"] for result in embedded(page, "results").values())


def test_it_says_what_the_experiment_is(page):
    text = plain(embedded(page, "workflow-desc"))
    assert text.startswith("small 6 networks in 3 cohorts of 2 seeds (0-1): ")
    for words in ("flipflop: kind: flipflop, bits: 1", "tanh8: ", "noautapses: autapses: false"):
        assert words in text
    assert "are missing:" not in text


def test_results_that_are_missing_are_named(copied):
    lost = output_paths("small", "figure", "flipflop", "census")["png"]
    (copied.folder / lost).unlink()
    assert f"{lost} marked for report but does not exist" in copied.refused("--report", "a.zip")
    assert not Path(copied.folder / "a.zip").exists()


def test_networks_without_results_are_named(copied):
    for path in copied.results.glob("graphs/task=flipflop/*/constraint=noautapses/*/graphs.pkl"):
        path.unlink()
    output = copied.refused("--report", "b.zip", "--config", "missing=skip")
    assert "No report: Files of" in output and "--config stale=show" in output
    copied.run("--report", "b.zip", "--config", "missing=skip", "stale=show")
    with zipfile.ZipFile(copied.folder / "b.zip") as archive:
        text = plain(embedded(archive.read("b/report.html").decode(), "workflow-desc"))
    assert "This report shows stale results, made otherwise than the experiment now says" in text
    assert "population flipflop: " in text
    assert "2 of 6 networks are missing: their jobs left no results." in text
    assert "flipflop tanh8 noautapses 0-1 ended at skeleton: results/small/logs/skeleton/" in text
