"""An environment of neurogym as a task (Molano-Mazón et al. 2022, NeuroGym).

Nothing else imports neurogym, and nothing imports it before such a task is made.
"""

import warnings
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, PrivateAttr
from pydantic.json_schema import SkipJsonSchema

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.given_files import read_argument
from rnnpipe.parameters import NonZeroFraction, Several
from rnnpipe.tasks.base import Quantity, TaskError, TaskWithSettings, Trials, r_squared

# Key of neurogym's version among a task's settings: another version may draw other trials.
NEUROGYM_VERSION = "neurogym-version"
SEEDS = 2**31
# Sequences drawn to see whether they are long enough to ask for anything.
TRIED = 8


class NeurogymMissing(TaskError):
    """neurogym cannot be imported; says how it is installed."""


class Neurogym(TaskWithSettings):
    """Inputs are the observations of an environment of neurogym, targets its ground truth.

    A sequence is one trial after another, the last of them cut off. There is one output
    per action, 1 for the right one, where actions are discrete, else their values.
    Observations that depend on the agent's actions are not drawn. Without `probes`,
    fixed points are sought under ``fixation`` alone, or under zero where there is no
    such channel.
    """

    kind: Literal["neurogym"] = Field("neurogym", description="An environment of neurogym.")
    env: str = Field(
        min_length=1, description="Name of the environment, as PerceptualDecisionMaking-v0."
    )
    arguments: dict[str, Any] = Field(
        default_factory=dict,
        description="Arguments of the environment: `dt` and `timing` in ms, and its own.",
    )
    time: Several = Field(100, description="Steps per sequence of trials; the last one is cut.")
    solved: NonZeroFraction = Field(
        0.9,
        description="A network has solved the task from this share of right actions on; R² where "
        "actions are values.",
    )
    planned_version: SkipJsonSchema[str | None] = Field(None, alias=NEUROGYM_VERSION)

    _channels: tuple[str, ...] = PrivateAttr(())
    _outputs: int = PrivateAttr(0)
    _discrete: bool = PrivateAttr(True)

    @property
    def inputs(self) -> int:
        """One per observed value."""
        return len(self._channels)

    @property
    def outputs(self) -> int:
        """One per action, or per value of it."""
        return self._outputs

    @property
    def channels(self) -> tuple[str, ...]:
        """The names that the environment gives its observations, else ``input1``, ``input2``, …"""
        return self._channels

    @property
    def score_quantity(self) -> Quantity:
        """Share of right actions, or R² of their values."""
        return Quantity("action accuracy" if self._discrete else "R²")

    @property
    def condition(self) -> Quantity:
        """The right action, or its first value."""
        return Quantity("action", kind="categorical" if self._discrete else "linear")

    def learn(self) -> None:
        """Make the environment, ask it for its channels and draw a few sequences."""
        for key, value in self.arguments.items():
            self.arguments[key] = read_argument(f"arguments.{key}", value)
        try:
            self._check_version()
            self._read_spaces()
            trials = self.sample(TRIED, np.random.default_rng(0))
        except NeurogymMissing as error:
            raise SettingsError([Fault("kind", str(error))]) from None
        except TaskError as error:
            raise SettingsError([Fault("env", str(error))]) from None
        if np.isnan(self.score(trials.targets, trials)):
            message = f"within {self.time} steps {self.env} asks for nothing; give more"
            raise SettingsError([Fault("time", message)])

    def _check_version(self) -> None:
        if self.planned_version not in (None, version()):
            raise TaskError(
                f"neurogym {version()} is here, but this job was planned with "
                f"{self.planned_version}; run the workflow again"
            )

    def _read_spaces(self) -> None:
        made = self._made()
        size = getattr(made.action_space, "n", None)
        if len(made.observation_space.shape or ()) != 1:
            raise TaskError(f"{self.env}: observations are no vectors")
        if size is None and len(made.action_space.shape or ()) != 1:
            raise TaskError(f"{self.env}: actions are neither numbered nor vectors")
        self._channels = _channel_names(made.observation_space)
        self._discrete = size is not None
        self._outputs = int(size) if self._discrete else made.action_space.shape[0]

    def definition(self) -> dict[str, Any]:
        """Return the settings with neurogym's version, so that another one counts as a change."""
        return {**super().definition(), NEUROGYM_VERSION: version()}

    def _made(self) -> Any:
        with warnings.catch_warnings():
            # Gymnasium's about metadata that are of no use here.
            warnings.simplefilter("ignore")
            try:
                return _neurogym().make(self.env, **self.arguments).unwrapped
            except NeurogymMissing:
                raise
            except Exception as error:
                what = " ".join(str(error).split())
                raise TaskError(
                    f"{self.env}: cannot be made: {type(error).__name__}: {what}"
                ) from error

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw sequences of trials; the condition is the right action, or its first value.

        Raises
        ------
        TaskError
            If the environment defines no ground truth, or one that is no action.
        """
        # A new one each time: its past, such as blocks of trials, would outlast a seed.
        env = self._made()
        seed = int(rng.integers(SEEDS))
        env.seed(seed)
        env.reset(seed=seed)
        drawn = [self._sequence(env) for _ in range(n_trials)]
        inputs, truth = (np.stack(arrays) for arrays in zip(*drawn, strict=True))
        if self._discrete:
            truth = truth - getattr(env.action_space, "start", 0)
            if truth.min() < 0 or truth.max() >= self.outputs:
                raise TaskError(f"{self.env}: its ground truth is not among its actions")
            targets, condition = np.eye(self.outputs)[truth], truth
        else:
            targets, condition = truth, truth[..., 0]
        ones = np.ones(targets.shape, dtype=np.float32)
        return Trials(
            inputs.astype(np.float32),
            targets.astype(np.float32),
            ones,
            condition.astype(np.float64),
        )

    def _sequence(self, env: Any) -> tuple[np.ndarray, np.ndarray]:
        """Observations (time, input) and ground truth (time, ...) of trials in a row."""
        observations, truths, steps = [], [], 0
        while steps < self.time:
            env.new_trial()
            if not hasattr(env, "ob") or not hasattr(env, "gt") or not len(env.ob):
                raise TaskError(f"{self.env}: its trials have no observations with ground truth")
            observations.append(env.ob.copy())
            truths.append(env.gt.copy())
            steps += len(env.ob)
        return tuple(np.concatenate(a)[: self.time] for a in (observations, truths))

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Return the share of steps at which the largest output is the right action; else R².

        Steps at which the right action is the first one, fixation, are left
        out; NaN where no others are. Guessing among n actions scores 1/n; among
        those that are no fixation, 1/(n - 1).
        """
        if not self._discrete:
            return r_squared(outputs, trials)
        asked = trials.targets.argmax(axis=-1)
        counted = asked != 0
        if not counted.any():
            return float("nan")
        return float(np.mean((outputs.argmax(axis=-1) == asked)[counted]))

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """Return ``fixation`` alone where there is such an input, else zero."""
        if "fixation" not in self._channels:
            return super().default_probes()
        return {"fixation": np.eye(self.inputs)[self._channels.index("fixation")]}

    def longer(self, times: int) -> Self:
        """Sequences are `times` as long."""
        return self.model_copy(update={"time": times * self.time})


def version() -> str:
    """Return the version of neurogym."""
    return str(_neurogym().__version__)


def _neurogym() -> ModuleType:
    try:
        import neurogym
    except ImportError as error:
        raise NeurogymMissing(
            f"needs neurogym, which cannot be imported ({error}); install it with "
            "`pip install --no-deps -r requirements-neurogym.txt`"
        ) from error
    return neurogym


def _channel_names(space: Any) -> tuple[str, ...]:
    """Names by the space's mapping from a name to one place or several; ``input3`` where none is.

    Names that experiment files cannot tell apart are replaced as well.
    """
    names = [f"input{place + 1}" for place in range(space.shape[0])]
    given = getattr(space, "name", None)
    for name, where in (given if isinstance(given, Mapping) else {}).items():
        places = np.atleast_1d(np.asarray(where, dtype=int)).tolist()
        for number, place in enumerate(places):
            names[place] = f"{name}{number + 1}" if len(places) > 1 else str(name)
    if len(set(names)) < len(names):
        names = [f"input{place + 1}" for place in range(space.shape[0])]
    return tuple(names)
