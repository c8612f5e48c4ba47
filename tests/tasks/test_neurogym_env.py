"""Environments of neurogym: observations, ground truth and seeds become trials.

What is said of a stand-in is said of neurogym itself where it is installed.
"""

import sys

import numpy as np
import pytest

from rnnpipe.tasks import Neurogym
from rnnpipe.tasks.neurogym_env import NEUROGYM_VERSION, NeurogymMissing, version
from tests.helpers import fake_neurogym
from tests.helpers.experiments import read_task


@pytest.fixture
def fake(monkeypatch):
    monkeypatch.setitem(sys.modules, "neurogym", fake_neurogym.module())


@pytest.fixture(params=["stand-in", "neurogym"])
def task(request, monkeypatch):
    """A decision between two choices, of either kind."""
    if request.param == "stand-in":
        monkeypatch.setitem(sys.modules, "neurogym", fake_neurogym.module())
        return Neurogym(env="Fake-v0", time=60)
    pytest.importorskip("neurogym")
    return Neurogym(
        env="PerceptualDecisionMaking-v0", arguments={"sigma": 0.0, "cohs": [100]}, time=60
    )


def drawn(task, n_trials=20, seed=0):
    return task.sample(n_trials, np.random.default_rng(seed))


class TestEitherKind:
    def test_shapes_types_and_names(self, task):
        trials = drawn(task)
        assert trials.inputs.shape == trials.targets.shape == trials.mask.shape == (20, 60, 3)
        assert trials.conditions.shape == (20, 60)
        assert trials.inputs.dtype == trials.targets.dtype == trials.mask.dtype == np.float32
        assert task.channels == ("fixation", "stimulus1", "stimulus2")
        assert task.default_probes()["fixation"].tolist() == [1, 0, 0]

    def test_targets_are_the_right_action_alone(self, task):
        trials = drawn(task)
        assert (np.sort(trials.targets, axis=-1) == [0, 0, 1]).all()
        assert np.array_equal(trials.targets.argmax(-1), trials.conditions)
        assert set(np.unique(trials.conditions)) == {0, 1, 2}

    def test_trials_follow_from_the_generator(self, task):
        one, two = drawn(task, seed=4), drawn(task, seed=4)
        assert all(np.array_equal(array, vars(two)[name]) for name, array in vars(one).items())
        assert not np.array_equal(one.inputs, drawn(task, seed=5).inputs)

    def test_an_oracle_scores_one_and_guesses_among_choices_a_half(self, task):
        trials = drawn(task, 200)
        assert task.score(trials.targets, trials) == 1
        rng = np.random.default_rng(1)
        guess = np.insert(rng.random((200, 60, 2)), 0, -1, axis=-1)
        assert task.score(guess, trials) == pytest.approx(1 / 2, abs=0.05)
        assert task.score(rng.random((200, 60, 3)), trials) == pytest.approx(1 / 3, abs=0.05)

    def test_fixation_is_not_counted(self, task):
        trials = drawn(task)
        never = np.where(trials.conditions[..., None] == 0, [0, 1, 0], trials.targets)
        assert task.score(never, trials) == 1
        always = np.broadcast_to([1.0, 0, 0], trials.targets.shape)
        assert task.score(always, trials) == 0

    def test_longer_sequences_hold_more_trials(self, task):
        ends = [
            (t.inputs[0, :-1, 0] < t.inputs[0, 1:, 0]).sum()
            for t in (drawn(task), drawn(task.longer(3)))
        ]
        assert drawn(task.longer(3), 2).inputs.shape == (2, 180, 3)
        assert ends[1] > 2 * ends[0]


@pytest.mark.usefixtures("fake")
class TestStandIn:
    def test_arguments_reach_the_environment(self):
        trials = drawn(Neurogym(env="Fake-v0", arguments={"steps": [5]}, time=15))
        assert trials.inputs[..., 0].tolist() == [[1, 1, 1, 1, 0] * 3] * 20

    def test_the_past_of_other_draws_does_not_count(self):
        task = Neurogym(env="Fake-v0", time=40)
        first = drawn(task).inputs
        drawn(task, 7, seed=1)
        assert np.array_equal(drawn(task).inputs, first)

    def test_values_are_scored_by_their_variance(self):
        task = Neurogym(env="Reaching-v0", time=30)
        trials = drawn(task)
        assert (task.outputs, task.score_quantity.name) == (2, "R²")
        assert np.array_equal(trials.targets, trials.inputs[..., 1:])
        assert task.score(trials.targets, trials) == 1
        mean = np.broadcast_to(trials.targets.mean((0, 1)), trials.targets.shape)
        assert task.score(mean, trials) == pytest.approx(0, abs=1e-6)

    def test_inputs_without_names_are_numbered(self):
        task = Neurogym(env="Fake-v0", arguments={"names": False})
        assert task.channels == ("input1", "input2", "input3")
        assert list(task.probes()) == ["zero"]

    def test_sequences_that_never_ask_have_no_score(self):
        task = Neurogym(env="Fake-v0").model_copy(update={"time": 3})
        trials = drawn(task)
        assert np.isnan(task.score(trials.targets, trials))

    @pytest.mark.parametrize(
        ("env", "arguments", "message"),
        [
            ("Fak-v0", {}, "Fak-v0: cannot be made: LookupError: Environment `Fak-v0`"),
            ("Fake-v0", {"d": 1}, "cannot be made: TypeError: .* 'd'"),
            ("Pixels-v0", {}, "observations are no vectors"),
            ("Fake-v0", {"truth": False}, "no observations with ground truth"),
            ("Fake-v0", {"low": 3}, "not among its actions"),
        ],
    )
    def test_faults_name_the_environment(self, env, arguments, message):
        with pytest.raises(ValueError, match=message):
            drawn(Neurogym(env=env, arguments=arguments))

    def test_a_job_refuses_another_version_than_it_was_planned_with(self):
        settings = {"kind": "neurogym", "env": "Fake-v0", NEUROGYM_VERSION: "2.3.1"}
        assert read_task(settings).inputs == 3
        with pytest.raises(ValueError, match=r"2\.3\.1 is here, .* planned with 2\.2"):
            read_task({**settings, NEUROGYM_VERSION: "2.2"})


def test_without_neurogym_the_error_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "neurogym", None)
    with pytest.raises(ValueError, match=r"pip install --no-deps -r requirements-neurogym"):
        Neurogym(env="PerceptualDecisionMaking-v0")
    with pytest.raises(NeurogymMissing):
        version()
