"""Training that is stopped anywhere and goes on later ends as training without a break."""

import io
from collections.abc import Sequence

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
KEEP = [0, 1, 5, 16, 17, 40, 45]
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


def trained(case: str, checkpoints: Breaks | None = None, keep: Sequence[int] = KEEP) -> Fit:
    model, changes = CASES[case]
    networks = make_networks(SEEDS, TASK, **model)
    if case == "one diverges":
        networks.raw[1] = torch.nan
    changes = {"steps": STEPS, "trials": 5, **changes}
    return fit(networks, TASK, replicates(SEEDS), training(**changes), None, checkpoints, keep)


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
    same(result, whole)
    np.testing.assert_array_equal(result.snapshots.networks.raw, whole.snapshots.networks.raw)
    np.testing.assert_array_equal(result.snapshots.steps, whole.snapshots.steps)
    np.testing.assert_array_equal(result.snapshots.rows, whole.snapshots.rows)


@pytest.mark.parametrize("case", ["one diverges", "some end early", "noise", "gated"])
def test_keeping_weights_changes_no_bit(undisturbed, case):
    plain = trained(case, keep=())
    same(plain, undisturbed[case])
    assert len(plain.snapshots) == 0


@pytest.mark.parametrize("case", CASES)
def test_weights_are_kept_from_the_first_to_each_networks_last_step(undisturbed, case):
    kept, ends = undisturbed[case].snapshots, undisturbed[case].summary["steps"]
    diverged = undisturbed[case].summary["stop_reason"] == "diverged"
    for row, end in enumerate(ends):
        due = {step for step in KEEP if step < end} if diverged[row] else {*KEEP, end}
        assert kept.of(row)[1].tolist() == sorted(step for step in due if step <= end)
    assert torch.equal(
        kept.at(0)[0].raw[::2], make_networks(SEEDS, TASK, **CASES[case][0]).raw[::2]
    )


def test_what_is_kept_are_the_weights_after_so_many_steps(undisturbed):
    for steps in (5, 17):
        case = {"steps": steps, "trials": 5, "schedule": "constant"}
        networks = make_networks(SEEDS, TASK)
        short = fit(networks, TASK, replicates(SEEDS), training(**case), keep=[steps])
        long = fit(
            networks, TASK, replicates(SEEDS), training(**case | {"steps": 20}), keep=[steps]
        )
        assert torch.equal(short.snapshots.at(steps)[0].raw, long.snapshots.at(steps)[0].raw)
        assert not torch.equal(long.snapshots.at(steps)[0].raw, long.snapshots.at(20)[0].raw)


def same(result: Fit, whole: Fit) -> None:
    np.testing.assert_array_equal(result.networks.raw, whole.networks.raw)
    for found, expected in ((result.history, whole.history), (result.summary, whole.summary)):
        for key, values in expected.items():
            np.testing.assert_array_equal(found[key], values)
            assert found[key].dtype == values.dtype
