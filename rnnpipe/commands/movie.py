"""The command `movie`: a network of finished results, turning, at work or arising."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import click
import numpy as np

from rnnpipe.commands.view import OUTPUT, graphics, load, of_network
from rnnpipe.jobs.option_ranges import FiniteRange
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.tables.artifacts import ArtifactError, whole_file

KINDS = ("turn", "reveal", "trial", "development")
SUFFIXES = (".mp4", ".gif")


@click.command()
@of_network
@click.argument("movie", type=OUTPUT)
@click.option("--kind", type=click.Choice(KINDS), default="turn", show_default=True)
@click.option(
    "--seconds",
    type=FiniteRange(0, 600, min_open=True),
    default=8.0,
    show_default=True,
    help="Length of the movie, or of each turn.",
)
@click.option(
    "--rate",
    type=click.IntRange(1, 100),
    default=15,
    show_default=True,
    help="Pictures per second.",
)
@click.option(
    "--width",
    # A small picture that moves is of use where a small one that rests is not.
    type=click.IntRange(160, 8000),
    default=960,
    show_default=True,
    help="Width in pixels.",
)
def movie(
    results: Path, movie: Path, kind: str, seconds: float, rate: int, width: int, **which: Any
) -> None:
    """Write a movie of one network of RESULTS.

    RESULTS is a folder results/<experiment>, MOVIE a file .mp4 or .gif. Kinds of movies:

    \b
    turn         one turn around the skeleton
    reveal       one turn per order: points with at most 0, 1, … unstable modes
    trial        one trial running through the skeleton
    development  the skeleton as it arose in training, where weights were kept
    """
    if movie.suffix not in SUFFIXES:
        raise click.BadParameter(f"must end with {' or '.join(SUFFIXES)}", param_hint="'MOVIE'")
    scene = load(results, **which)
    if kind == "development" and scene.development is None:
        raise click.ClickException(
            "no weights were kept while this network was trained; the section development of the "
            "experiment's file asks for them"
        )
    graphics()
    from rnnpipe.scene.movie import frames

    pictures = max(round(seconds * rate), 1)
    total = pictures * (len(scene.orders) if kind == "reveal" else 1)
    try:
        write_movie(movie, reported(frames(scene, kind, pictures, width), total), rate)
    except ArtifactError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{movie}: {scene.title}")


def reported(frames: Iterator[Any], total: int) -> Iterator[Any]:
    """Pass the pictures on and report how many are done."""
    line = ProgressLine("drawing pictures", total)
    for done, frame in enumerate(frames, 1):
        yield frame
        line.update(done)


def write_movie(path: Path, frames: Iterator[np.ndarray], rate: int) -> None:
    """Write pictures as a movie, whole or not at all.

    Parameters
    ----------
    path
        File, ``.mp4`` or ``.gif``.
    frames
        Arrays (row, column, 3) of bytes, all of one size.
    rate
        Pictures per second.

    Raises
    ------
    ValueError
        If the file is neither .mp4 nor .gif, or there are no pictures.
    ArtifactError
        If the file cannot be written.
    """
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise ValueError(f"{path.name}: movies are {' or '.join(SUFFIXES)}")
    first = next(frames, None)
    if first is None:
        raise ValueError(f"{path.name}: a movie needs at least one picture")
    writer = _write_mp4 if path.suffix == ".mp4" else _write_gif
    with whole_file(path) as own:
        writer(own, chain([first], frames), rate)


def _write_mp4(path: Path, frames: Iterator[np.ndarray], rate: int) -> None:
    import imageio_ffmpeg

    first = next(frames)
    # The usual colour format of mp4 halves both sides, which must be even.
    height, width = (side - side % 2 for side in first.shape[:2])
    writer = imageio_ffmpeg.write_frames(
        str(path),
        (width, height),
        fps=rate,
        codec="libx264",
        quality=7,
        macro_block_size=2,
        # The name that it is written under does not say.
        output_params=["-f", "mp4"],
    )
    writer.send(None)
    try:
        for frame in chain([first], frames):
            writer.send(np.ascontiguousarray(frame[:height, :width]))
    finally:
        writer.close()


def _write_gif(path: Path, frames: Iterator[np.ndarray], rate: int) -> None:
    from PIL import Image

    # The default choice of 256 colours would spend them all on shades of grey.
    images = (Image.fromarray(f).quantize(256, Image.Quantize.MAXCOVERAGE) for f in frames)
    first = next(images)
    first.save(
        path,
        "GIF",
        save_all=True,
        append_images=images,
        duration=round(1000 / rate),
        loop=0,
        optimize=False,
    )
