"""Where the networks of a job come from: files of others, or the draws that training began with."""

from collections.abc import Sequence

from rnnpipe.parameters import Settings
from rnnpipe.settings.members import OfCohort
from rnnpipe.settings.sections.arrays import ArraySettings
from rnnpipe.streams import Replicates


class SourceSettings(Settings):
    """Where imported networks lie.

    Attributes
    ----------
    files
        A file for each seed.
    shared
        Whether several seeds share a file, which must then hold as many networks as seeds.
    recurrent, readout
        What names in the files begin with; None: found.
    arrays
        Names of all arrays in the files; None: the files are state_dicts.
    """

    files: tuple[str, ...]
    shared: bool
    recurrent: str | None
    readout: str | None
    arrays: ArraySettings | None

    def paths(self) -> tuple[str, ...]:
        """Return all files, where every array has its own as well."""
        if self.arrays is None:
            return self.files
        return tuple(own for file in self.files for own in self.arrays.files(file))


class StartSettings(Settings):
    """What the initial weights of a cohort's networks were drawn from."""

    cohort: OfCohort
    gain: float
    rank: int | None
    loadings: dict[str, float] | None

    def replicates(self, seeds: Sequence[int]) -> Replicates:
        """Return some networks of the cohort, by its names and their seeds."""
        return Replicates(**vars(self.cohort), seeds=tuple(seeds))
