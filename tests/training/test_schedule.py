"""Learning rates over training have the shape that the settings describe."""

import math

import pytest

from rnnpipe.settings import TrainingSettings
from rnnpipe.training.schedule import learning_rates

PEAK, STEPS = 0.01, 100


def rates(schedule: str | dict) -> list[float]:
    settings = {"schedule": schedule, "learning_rate": PEAK, "steps": STEPS}
    return learning_rates(TrainingSettings.model_validate(settings))


def test_constant():
    assert rates("constant") == [PEAK] * STEPS


@pytest.mark.parametrize("milestones", [[30, 60], [0.3, 0.6]])
def test_multi_step(milestones):
    found = rates({"kind": "multi_step", "milestones": milestones, "factor": 0.1})
    expected = [PEAK] * 30 + [PEAK / 10] * 30 + [PEAK / 100] * 40
    assert found == pytest.approx(expected)


def test_cosine():
    found = rates({"kind": "cosine", "final": 0.1})
    expected = [PEAK * (0.1 + 0.9 * (1 + math.cos(math.pi * t / STEPS)) / 2) for t in range(STEPS)]
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("final", [1e-2, 0.0])
def test_one_cycle_rises_and_falls_between_its_ends(final):
    found = rates({"kind": "one_cycle", "warmup": 0.3, "start": 0.04, "final": final})
    top = found.index(max(found))
    assert found[0] == pytest.approx(0.04 * PEAK)
    assert max(found) == pytest.approx(PEAK, rel=1e-2)
    assert top == pytest.approx(30, abs=1)
    assert found == sorted(found[: top + 1]) + sorted(found[top + 1 :], reverse=True)
    assert found[-1] == pytest.approx(final * PEAK, abs=1e-3 * PEAK)
