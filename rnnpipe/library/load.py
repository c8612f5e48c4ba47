"""`rnnpipe.load`: what was found and saved."""

from collections.abc import Callable
from pathlib import Path

from rnnpipe.library.attractors import FORMAT as ATTRACTORS
from rnnpipe.library.attractors import Attractors, attractors_from
from rnnpipe.library.points import FORMAT as POINTS
from rnnpipe.library.points import FixedPoints, points_from
from rnnpipe.library.saved import Saved, read_saved

FORMATS: dict[str, Callable[[Saved], FixedPoints | Attractors]] = {
    POINTS: points_from,
    ATTRACTORS: attractors_from,
}


def load(path: str | Path) -> FixedPoints | Attractors:
    """Read a file of `FixedPoints.save` or `Attractors.save`.

    Raises
    ------
    ArtifactError
        If it is missing, damaged, or another kind of file.
    """
    saved = read_saved(Path(path), FORMATS)
    return FORMATS[saved.format](saved)
