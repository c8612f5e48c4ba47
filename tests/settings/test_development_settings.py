"""The steps at which weights are kept, and what is wrong with others."""

import pytest

from rnnpipe.plan.job_settings import job_settings
from rnnpipe.plan.plan import Plan
from rnnpipe.settings.sections.optional import DevelopmentSettings
from tests.helpers.experiments import experiment, faults


@pytest.mark.parametrize(
    ("given", "steps", "kept"),
    [
        ({"steps": [10, 40]}, 100, (0, 10, 40, 100)),
        ({"steps": [0, 1e2]}, 100, (0, 100)),
        ({"count": 2}, 100, (0, 100)),
        ({"count": 5}, 1000, (0, 1, 10, 100, 1000)),
        ({"count": 6, "first": 100}, 1600, (0, 100, 200, 400, 800, 1600)),
        ({"count": 11}, 10, tuple(range(11))),
    ],
)
def test_steps_are_spaced_or_listed_with_both_ends(given, steps, kept):
    assert DevelopmentSettings.model_validate(given).kept_steps(steps) == kept


def test_as_many_steps_as_asked_for_all_differ():
    for count, steps in ((20, 19), (20, 50), (20, 1000), (60, 100), (1000, 10**6)):
        kept = DevelopmentSettings(count=count).kept_steps(steps)
        assert len(set(kept)) == count and sorted(kept) == list(kept) and kept[-1] == steps


@pytest.mark.parametrize(
    ("key", "section", "words"),
    [
        ("steps", {"steps": []}, "give logarithmic or a list of steps"),
        ("steps", {"steps": "logarithmc"}, 'did you mean "logarithmic"?'),
        ("steps", {"steps": 7}, "give logarithmic or a list of steps"),
        ("steps", {"steps": [-1, 5]}, "-1 is no step"),
        ("steps", {"steps": [1.5]}, "1.5 is no step"),
        ("steps", {"steps": [5, 5]}, "5 follows 5; steps must ascend"),
        ("steps", {"steps": [9, 5]}, "5 follows 9; steps must ascend"),
        ("steps", {"steps": list(range(1001))}, "at most 1000 are kept"),
        ("steps", {"steps": [10, 2000]}, "step 2000 is beyond the 1000 steps of training models.m"),
        ("count", {"count": 1}, ">= 2 and <= 1000"),
        ("count", {"count": 900, "first": 200}, "900 is more than the 802 steps 0 and 200 to 1000"),
        ("first", {"first": 1001}, "1001 is beyond the 1000 steps of training models.m on tasks."),
        ("count", {"steps": [1, 2], "count": 5}, "and development.steps lists them"),
        ("first", {"steps": [1, 2], "first": 5}, "and development.steps lists them"),
        ("every", {"every": 5}, "unknown"),
    ],
)
def test_other_steps_are_refused_by_their_key(key, section, words):
    assert words in faults(development=section)[f"development.{key}"]


def test_steps_must_fit_every_training():
    tasks = {"flipflop": {}, "sinewave": {"training": {"steps": 50}}}
    found = faults(tasks=tasks, development={"steps": [60]})
    words = "step 60 is beyond the 50 steps of training models.m on tasks.sinewave"
    assert found["development.steps"] == words


def test_training_is_told_the_steps_and_nothing_where_none_are_asked_for():
    job = "train", "flipflop", "m", "none", "0-7"
    assert job_settings(Plan(experiment(development={"count": 5})), *job).kept[1:3] == (1, 10)
    assert job_settings(Plan(experiment()), *job).kept == ()
