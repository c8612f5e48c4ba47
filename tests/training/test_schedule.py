"""Learning rates over training have the shape that the settings describe."""

import math

import pytest
import torch

from rnnpipe.training.schedule import make_schedule

PEAK, STEPS = 0.01, 100


def rates(schedule: dict) -> list[float]:
    optimizer = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=PEAK)
    scheduler = make_schedule(optimizer, schedule, PEAK, STEPS)
    found = []
    for _ in range(STEPS):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def test_constant():
    assert rates({"kind": "constant"}) == [PEAK] * STEPS


def test_multi_step():
    found = rates({"kind": "multi_step", "milestones": [30, 60], "factor": 0.1})
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
