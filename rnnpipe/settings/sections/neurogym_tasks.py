"""Environments of neurogym as tasks; what they are is checked while the settings are."""

from typing import Any, Literal

from pydantic import Field, PrivateAttr

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.parameters import NonZeroFraction, Several
from rnnpipe.settings.sections.own_tasks import read_argument
from rnnpipe.settings.sections.probes import Probed

# Sequences drawn to see whether they are long enough to ask for anything.
TRIED = 8


class NeurogymSettings(Probed):
    """An environment of neurogym; channels are known from there."""

    kind: Literal["neurogym"] = Field("neurogym", description="An environment of neurogym.")
    env: str = Field(
        min_length=1, description="Name of the environment, as PerceptualDecisionMaking-v0."
    )
    arguments: dict[str, Any] = Field(
        default_factory=dict, description="Arguments of the environment, as dt and timing in ms."
    )
    time: Several = Field(100, description="Steps per sequence of trials; the last one is cut.")
    solved: NonZeroFraction = Field(
        0.9,
        description="A network has solved the task from this share of right actions on; R² where "
        "actions are values.",
    )

    _channels: tuple[str, ...] = PrivateAttr(())
    _outputs: int = PrivateAttr(0)

    @property
    def input_channels(self) -> int:
        """Number of inputs to the network."""
        return len(self._channels)

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the inputs."""
        return self._channels

    @property
    def output_channels(self) -> int:
        """Number of outputs of the network."""
        return self._outputs

    def learn(self) -> None:
        """Make the environment, ask it for its channels and draw a few sequences."""
        # These import NumPy and more, which other tasks' settings can do without.
        import numpy as np

        from rnnpipe.tasks.base import TaskError
        from rnnpipe.tasks.neurogym_env import Neurogym, NeurogymMissing

        for key, value in self.arguments.items():
            self.arguments[key] = read_argument(f"arguments.{key}", value)
        try:
            task = Neurogym(self.env, self.arguments, self.time, self.solved)
            trials = task.sample(TRIED, np.random.default_rng(0))
        except NeurogymMissing as error:
            raise SettingsError([Fault("kind", str(error))]) from None
        except TaskError as error:
            raise SettingsError([Fault("env", str(error))]) from None
        if np.isnan(task.score(trials.targets, trials)):
            message = f"within {self.time} steps {self.env} asks for nothing; give more"
            raise SettingsError([Fault("time", message)])
        self._channels, self._outputs = task.channels, task.outputs

    def definition(self) -> dict[str, Any]:
        """Return the settings with neurogym's version, so that another one counts as a change."""
        from rnnpipe.tasks.neurogym_env import NEUROGYM_VERSION, version

        return {**super().definition(), NEUROGYM_VERSION: version()}
