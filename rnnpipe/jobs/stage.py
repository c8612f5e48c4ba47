"""A stage of the pipeline: the settings of its jobs, and the files that they read and write."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rnnpipe.parameters import Settings
from rnnpipe.settings.asked import Asked


@dataclass(frozen=True)
class Output:
    """A file that a stage writes.

    Attributes
    ----------
    what
        What it is, for help texts.
    path
        Where it lies under the experiment's results, with wildcards in braces.
    folder
        Whether it is a folder.
    """

    what: str
    path: str
    folder: bool = False

    @property
    def suffix(self) -> str:
        """The suffix of the file, without its dot."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True)
class Stage:
    """A stage: a script, and the rule of the workflow whose jobs run it.

    Attributes
    ----------
    name
        Its name.
    settings
        The model of the settings of a job.
    wildcards
        Names of the wildcards whose values name a job.
    outputs
        Files that the script writes, by option.
    inputs
        Files that the script is given, by option, and what each is for it.
    gathers
        Tables of all blocks of a task that the script finds by itself.
    only
        Where there are jobs: of every block, or of those alone of which `settings.asked` says so.
    script
        Name of the script without its suffix; by default that of the stage.
    rule
        Name of the rule whose jobs run the script; by default that of the stage. Stages of one
        rule work on the same blocks and run one after another in one process, in the order of
        the table of stages.
    """

    name: str
    settings: type[Settings]
    wildcards: tuple[str, ...]
    outputs: Mapping[str, Output]
    inputs: Mapping[str, str] = field(default_factory=dict)
    gathers: tuple[str, ...] = ()
    only: Asked | None = None
    script: str = ""
    rule: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "script", self.script or self.name)
        object.__setattr__(self, "rule", self.rule or self.name)

    @property
    def schemas(self) -> tuple[str, ...]:
        """The tables that the stage writes, each with a schema of its name."""
        return tuple(name for name, output in self.outputs.items() if output.suffix == "parquet")


def option(name: str) -> str:
    """Return the option of a script that names an input or an output."""
    return f"--{name.replace('_', '-')}"
