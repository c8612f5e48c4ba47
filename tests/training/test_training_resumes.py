"""Training that is stopped anywhere and goes on later ends as training without a break."""

import io

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnpipe.jobs.processes import Interrupted
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.fit import Fit, fit
from tests.helpers.networks import make_networks, replicates, training

TASK = FlipFlop(bits=2, time=8)
SEEDS = [0, 1, 2]
STEPS = 45
CASES = {
    "plain": ({}, {}),
    "one diverges": ({}, {}),
    "some end early": ({}, {"stop": {"score": 0.62}, "learning_rate": 0.05}),
    "noise": ({"cell": "leaky", "noise": 0.2}, {"amsgrad": True, "schedule": "constant"}),
    "torch's kernel": ({"cell": "lstm"}, {"rate_penalty": 0.01}),
    "gated": ({"cell": "gru"}, {"clip": None, "schedule": {"kind": "cosine", "final": 0.1}}),
}


class Breaks:
    """Checkpoints in memory, as bytes, that ask for a break after some numbers of steps."""

    def __init__(self, lengths: list[int]) -> None:
        self.lengths, self.steps, self.kept = list(lengths), 0, b""

    def load(self):
        self.steps = 0
        return torch.load(io.BytesIO(self.kept), weights_only=True) if self.kept else None

    def asked(self) -> bool:
        self.steps += 1
        return bool(self.lengths) and self.steps >= self.lengths[0]

    def offer(self, step, content) -> None:
        if self.lengths and self.steps >= self.lengths[0]:
            self.lengths.pop(0)
            buffer = io.BytesIO()
            torch.save(content(), buffer)
            self.kept = buffer.getvalue()
            raise Interrupted(f"at step {step}")


def trained(case: str, checkpoints: Breaks | None = None) -> Fit:
    model, changes = CASES[case]
    networks = make_networks(SEEDS, TASK, **model)
    if case == "one diverges":
        networks.raw[1] = torch.nan
    changes = {"steps": STEPS, "trials": 5, **changes}
    return fit(networks, TASK, replicates(SEEDS), training(**changes), checkpoints=checkpoints)


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Fit]:
    return {case: trained(case) for case in CASES}


def test_the_cases_are_what_they_are_called(undisturbed):
    ends = undisturbed["some end early"].summary["steps"]
    assert ends.min() < STEPS
    assert undisturbed["one diverges"].summary["stop_reason"][1] == "diverged"


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=5, deadline=None)
@given(lengths=st.lists(st.integers(1, STEPS), min_size=1, max_size=4))
def test_breaks_change_no_bit(undisturbed, case, lengths):
    breaks = Breaks(lengths)
    for _ in range(len(lengths) + 1):
        try:
            result = trained(case, breaks)
            break
        except Interrupted:
            continue
    whole = undisturbed[case]
    np.testing.assert_array_equal(result.networks.raw, whole.networks.raw)
    for found, expected in ((result.history, whole.history), (result.summary, whole.summary)):
        for key, values in expected.items():
            np.testing.assert_array_equal(found[key], values)
            assert found[key].dtype == values.dtype
