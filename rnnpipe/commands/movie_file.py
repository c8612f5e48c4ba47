"""Movies as files: mp4 by ffmpeg, gif by Pillow; whole or not at all."""

import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from PIL import Image

from rnnpipe.tables.artifacts import ArtifactError

SUFFIXES = (".mp4", ".gif")


def write_movie(path: Path, frames: Iterator[np.ndarray], rate: int) -> None:
    """Write pictures (row, column, 3), bytes, as a movie.

    Parameters
    ----------
    path
        File, ``.mp4`` or ``.gif``.
    frames
        Pictures of one size, one after another.
    rate
        Pictures per second.

    Raises
    ------
    ValueError
        If the file is neither, or there are no pictures.
    ArtifactError
        If it cannot be written.
    """
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise ValueError(f"{path.name}: movies are {' or '.join(SUFFIXES)}")
    partial = path.with_name(f".{path.stem}.partial{path.suffix}")
    first = next(frames, None)
    if first is None:
        raise ValueError(f"{path.name}: a movie needs at least one picture")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writer = _write_mp4 if path.suffix == ".mp4" else _write_gif
        writer(partial, chain([first], frames), rate)
        os.replace(partial, path)
    except OSError as error:
        raise ArtifactError(f"{path}: cannot be written ({error})") from error
    finally:
        partial.unlink(missing_ok=True)


def _write_mp4(path: Path, frames: Iterator[np.ndarray], rate: int) -> None:
    import imageio_ffmpeg

    first = next(frames)
    # The usual colour format of mp4 halves both sides.
    height, width = (side - side % 2 for side in first.shape[:2])
    writer = imageio_ffmpeg.write_frames(
        str(path), (width, height), fps=rate, codec="libx264", quality=7, macro_block_size=2
    )
    writer.send(None)
    try:
        for frame in chain([first], frames):
            writer.send(np.ascontiguousarray(frame[:height, :width]))
    finally:
        writer.close()


def _write_gif(path: Path, frames: Iterator[np.ndarray], rate: int) -> None:
    # The usual choice of 256 colours would spend them all on shades of grey.
    images = (Image.fromarray(f).quantize(256, Image.Quantize.MAXCOVERAGE) for f in frames)
    first = next(images)
    first.save(
        path,
        save_all=True,
        append_images=images,
        duration=round(1000 / rate),
        loop=0,
        optimize=False,
    )
