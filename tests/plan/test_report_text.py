"""What the report says is what the experiment's file says, letter by letter."""

import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from docutils.core import publish_parts

from rnnpipe.plan.report_text import NO_PICTURE, SHOWN, ReportText, escaped
from rnnpipe.settings.members import MissingBlock
from rnnpipe.settings.seed_ranges import as_ranges, expand_seeds
from tests.helpers.plans import plan


def shown(rst: str) -> str:
    """What a reader sees of a text, without its tags."""
    body = publish_parts(rst, writer="html", settings_overrides={"report_level": 1})["body"]
    assert "system-message" not in body, body
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", body)).split())


@pytest.mark.parametrize(
    "text",
    [
        "bits_ of none_ and `dale`_, |λ| < 1 & *all* of **it** ::",
        "1. of 2 networks\n- one\\two [1]_ “probe” x₁ · y ≥ 0.05",
        ".. include:: /etc/passwd",
        "a_b __c__ https://example.org/x_",
        "=====",
    ],
)
def test_plain_text_is_shown_as_it_is(text):
    assert shown(escaped(text)) == " ".join(text.split())


def test_the_experiment_is_described_by_its_own_words():
    text = ReportText(plan(exclude=[{"task": "heading", "constraint": "dale"}]))
    assert shown(text.title()) == ""  # docutils takes it for the document's title
    assert text.title().splitlines() == ["x", "="]
    assert shown(text.networks()) == (
        "36 networks in 6 cohorts of 6 seeds (0-5): 2 tasks, 2 models, 2 constraints."
    )
    assert [*map(shown, text.tasks())] == [
        "memory: kind: flipflop, bits: 1",
        "heading: kind: integrator",
    ]
    assert [*map(shown, text.models())] == [
        "tanh10: units: 10, cell: vanilla",
        "leaky: units: 10, cell: leaky",
    ]
    assert [*map(shown, text.constraints())] == ["none", "dale: dale_ratio: 0.8"]
    assert text.missing() == []


def test_of_many_models_some_are_named_and_the_others_counted():
    models = {f"m{n}": {"cell": "gru", "units": n} for n in range(2, SHOWN + 5)}
    lines = ReportText(plan(models=models)).models()
    assert len(lines) == SHOWN + 1 and lines[-1] == "and 3 more"


def test_missing_networks_are_counted_and_their_logs_named():
    whole = plan()
    cohort = whole.cohorts()[0]
    lost = MissingBlock(
        **vars(cohort),
        seeds="4-7",
        networks=2,
        stage="harvest",
        log="results/x/logs/harvest/a_b.log",
    )
    first, second = map(shown, ReportText(replace(whole, missing=(lost,))).missing())
    assert first == "2 of 48 networks are missing: their jobs left no results."
    assert second == "memory tanh10 none 4-7 ended at harvest: results/x/logs/harvest/a_b.log"


def test_networks_that_could_not_be_drawn_are_counted_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = ReportText(plan())
    assert text.pictureless() == []
    for folder in text.plan.stage_files("scene")[:2]:
        Path(folder).mkdir(parents=True)
        (Path(folder) / "seed=0.txt").write_text(f"A network. {NO_PICTURE} no libEGL (libegl1).\n")
    (Path(text.plan.stage_files("scene")[0]) / "seed=0.png").touch()
    assert [*map(shown, text.pictureless())] == [
        "1 of 2 pictures in three dimensions could not be drawn: no libEGL (libegl1)."
    ]


def test_a_caption_is_that_of_its_file(tmp_path):
    (tmp_path / "caption.txt").write_text("Of *all* networks_.\n", encoding="utf-8")
    text = ReportText(plan())
    assert shown(text.caption(str(tmp_path / "caption.txt"))) == "Of *all* networks_."


def test_snakemake_can_hash_a_configuration_that_holds_it():
    assert json.dumps({"report": ReportText(plan())}) == '{"report": {}}'


@pytest.mark.parametrize("text", ["5", "0-7", "0-3,8", "1,3,5-6"])
def test_seeds_are_named_as_in_the_file(text):
    assert as_ranges(expand_seeds(text)) == text
