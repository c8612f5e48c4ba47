"""Trials from a file: what is drawn is what the file holds, and parts never mix."""

import numpy as np
import pytest

from rnnpipe.given_files import CONTENT_HASH, GivenFileError, content_hash
from rnnpipe.tasks import Recorded
from rnnpipe.tasks.recorded import load_trials, split
from tests.helpers.experiments import read_task
from tests.helpers.own_files import trial_arrays, write_trials

pytestmark = pytest.mark.usefixtures("here")


def numbered(trials: int = 20) -> np.ndarray:
    """Inputs that bear the number of their trial."""
    return np.broadcast_to(np.arange(trials, dtype=float)[:, None, None], (trials, 12, 2))


def drawn(task: Recorded, count: int, seed: int = 0) -> list[int]:
    return task.sample(count, np.random.default_rng(seed)).inputs[:, 0, 0].astype(int).tolist()


@pytest.mark.parametrize("trials", [3, 4, 20, 101])
@pytest.mark.parametrize("held_out", [0.01, 0.2, 0.5, 0.99])
def test_parts_are_the_whole_and_none_is_empty(trials, held_out):
    parts = split(trials, held_out)
    assert sorted(np.concatenate(list(parts.values()))) == list(range(trials))
    assert min(map(len, parts.values())) >= 1
    kept = min(max(round(held_out * trials), 2), trials - 1)
    assert len(parts["training"]) == trials - kept


@pytest.mark.parametrize("period", range(2, 13))
def test_parts_follow_no_period_of_the_file(period):
    """Conditions that repeat with any short period have their share in every part."""
    for rows in split(6000, 0.2).values():
        shares = np.bincount(rows % period, minlength=period) / len(rows)
        assert (np.abs(shares * period - 1) < 0.5).all()


def test_parts_draw_their_own_trials_alone():
    write_trials(inputs=numbered())
    task = Recorded(path="trials.npz", held_out=0.3)
    seen = {name: set(drawn(task.part(name), 200)) for name in task.parts}
    assert {name: sorted(rows) for name, rows in seen.items()} == {
        name: rows.tolist() for name, rows in task.parts.items()
    }
    assert set(drawn(task, 200)) == set(range(20))


def test_no_trial_comes_again_before_all_others_have():
    write_trials(inputs=numbered())
    rows = drawn(Recorded(path="trials.npz"), 50)
    assert sorted(rows[:20]) == sorted(rows[20:40]) == list(range(20))
    assert len(set(rows[40:])) == 10
    assert drawn(Recorded(path="trials.npz"), 50, seed=1) != rows


def test_arrays_of_a_trial_stay_together():
    arrays = trial_arrays()
    write_trials(conditions=arrays["inputs"][..., 1], mask=arrays["targets"] ** 2)
    trials = Recorded(path="trials.npz").sample(7, np.random.default_rng(0))
    assert trials.conditions == pytest.approx(trials.inputs[..., 1], abs=1e-6)
    assert trials.mask == pytest.approx(trials.targets**2, abs=1e-6)
    assert trials.targets[..., 0] == pytest.approx(0.1 * trials.inputs[..., 0].cumsum(1), abs=1e-5)
    assert trials.inputs.dtype == trials.targets.dtype == trials.mask.dtype == np.float32


def test_score_is_the_share_of_variance_where_the_mask_is():
    mask = np.ones((20, 12, 1))
    mask[:, :6] = 0
    write_trials(mask=mask)
    task = Recorded(path="trials.npz")
    trials = task.sample(20, np.random.default_rng(0))
    assert task.score(trials.targets, trials) == 1
    mean = trials.targets[:, 6:].mean()
    assert task.score(np.full_like(trials.targets, mean), trials) == pytest.approx(0, abs=1e-6)
    half = mean + 0.5 * (trials.targets - mean)
    half[:, :6] = 1e6
    assert task.score(half, trials) == pytest.approx(0.75, abs=1e-6)
    assert task.is_solved(0.9) and not task.is_solved(float("nan"))


def test_constant_targets_have_no_score_and_are_refused():
    write_trials(targets=np.ones((20, 12, 1)))
    with pytest.raises(ValueError, match="targets do not vary"):
        Recorded(path="trials.npz")
    # What the mask leaves out does not count.
    targets, mask = trial_arrays()["targets"], np.ones((20, 12, 1))
    targets[:, 3:] = 1
    mask[:, :3] = 0
    write_trials(targets=targets, mask=mask)
    with pytest.raises(ValueError, match="targets do not vary where the mask counts them"):
        Recorded(path="trials.npz")


def test_the_targets_of_every_part_vary():
    targets = np.ones((20, 12, 1))
    targets[split(20, 0.2)["training"]] = trial_arrays(trials=16)["targets"]
    write_trials(targets=targets)
    with pytest.raises(ValueError, match=r"for test \(2 of 20\) do not vary"):
        Recorded(path="trials.npz")


def test_values_are_finite_in_float32():
    inputs = trial_arrays()["inputs"]
    inputs[3, 4, 1] = 1e39
    write_trials(inputs=inputs)
    with pytest.raises(GivenFileError, match=r"finite in float32 .* trial 3, time 4, channel 1"):
        load_trials("trials.npz")


def test_conditions_are_coloured_where_there_are_any():
    write_trials()
    assert Recorded(path="trials.npz", condition="circular").condition.kind == "categorical"
    write_trials(conditions=np.ones((20, 12)))
    assert Recorded(path="trials.npz", condition="circular").condition.kind == "circular"


def test_a_job_refuses_a_file_that_changed_since_it_was_planned():
    write_trials()
    settings = {"kind": "file", "path": "trials.npz", CONTENT_HASH: content_hash("trials.npz")}
    assert read_task(settings).inputs == 2
    write_trials(inputs=numbered())
    with pytest.raises(ValueError, match=r"trials\.npz: has changed"):
        read_task(settings)


class TestFaults:
    def refused(self, **changes) -> str:
        write_trials(**changes)
        with pytest.raises(GivenFileError) as caught:
            load_trials("trials.npz")
        message = str(caught.value)
        assert message.startswith("trials.npz: ") and "\n" not in message
        return message

    def test_missing_array(self):
        assert "lacks targets; it holds inputs" in self.refused(targets=None)

    def test_shapes(self):
        assert "inputs has shape (20, 12); (trial, time, channel)" in self.refused(
            inputs=np.ones((20, 12))
        )
        assert "trials and times must be as many" in self.refused(targets=np.ones((20, 11, 1)))
        assert "(20, 12, 1) is needed" in self.refused(mask=np.ones((20, 12, 2)))
        assert "(20, 12) is needed" in self.refused(conditions=np.ones((20, 11)))
        few = {"inputs": np.ones((2, 12, 1)), "targets": np.ones((2, 12, 1))}
        assert "at least 3" in self.refused(**few)

    def test_values_that_are_not_finite_are_named_by_their_place(self):
        targets = trial_arrays()["targets"]
        targets[3, 7, 0] = np.nan
        assert (
            "targets holds 1 values that are not finite, first at trial 3, time 7, channel 0"
            in (self.refused(targets=targets))
        )

    def test_mask_without_weight(self):
        mask = np.ones((20, 12, 1))
        mask[4] = 0
        assert "0 all through trial 4" in self.refused(mask=mask)
        assert "negative" in self.refused(mask=-np.ones((20, 12, 1)))

    def test_text(self):
        assert "real numbers" in self.refused(inputs=np.full((20, 12, 2), "a"))

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a file of arrays"])
    def test_foreign_files(self, here, content):
        (here / "trials.npz").write_bytes(content)
        with pytest.raises(GivenFileError, match="cannot be read as an"):
            load_trials("trials.npz")

    def test_a_lone_array(self, here):
        with open(here / "trials.npz", "wb") as file:
            np.save(file, np.ones(3))
        with pytest.raises(GivenFileError, match="is one array"):
            load_trials("trials.npz")
