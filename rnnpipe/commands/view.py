"""The commands that show one network of finished results: `rnnpipe view`, `rnnpipe movie`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.scene.graphics import GraphicsError, prepare_graphics
from rnnpipe.settings.sections.analysis import Colour

# No other command needs torch and pandas, which take seconds to import.
if TYPE_CHECKING:
    from rnnpipe.scene.contents import Scene

OUTPUT = click.Path(dir_okay=False, path_type=Path, resolve_path=True)
MOVIES = ("turn", "reveal", "trial")


def of_network(function: Callable[..., None]) -> Callable[..., None]:
    """The argument and options that say which network is shown, and how."""
    folder = click.Path(exists=True, file_okay=False, path_type=Path, resolve_path=True)
    for option in (
        click.option("--trials", default=100, show_default=True, help="Trajectories drawn."),
        click.option(
            "--colour",
            type=click.Choice(get_args(Colour)),
            default="condition",
            show_default=True,
            help="What trajectories are coloured by.",
        ),
        click.option("--seed", type=int, help="Seed; the first solved one by default."),
        click.option("--constraint", help="Constraint; the first by default."),
        click.option("--model", help="Model; the first by default."),
        click.option("--task", help="Task; the first by default."),
        click.argument("results", type=folder),
    ):
        function = option(function)
    return function


@click.command()
@of_network
@click.option(
    "--order", type=click.IntRange(0), help="Show points of up to so many unstable modes."
)
@click.option("--picture", type=OUTPUT, help="Write a PNG instead of opening a window.")
@click.option("--page", type=OUTPUT, help="Write an interactive page instead.")
@click.option("--width", default=2400, show_default=True, help="Width of the PNG, pixels.")
def view(
    results: Path,
    order: int | None,
    picture: Path | None,
    page: Path | None,
    width: int,
    **which: Any,
) -> None:
    """Show one network of RESULTS (the folder results/<experiment>) in three dimensions.

    Opens a window where there is a display; with --picture or --page it writes files instead.
    """
    scene = load(results, **which)
    if page:
        from rnnpipe.pages.network_page import network_page

        save(page, network_page(scene).encode())
    if picture:
        graphics()
        from rnnpipe.scene.picture import default_view
        from rnnpipe.scene.picture import picture as drawn

        shown = scene if order is None else scene.up_to(order)
        save(picture, drawn(shown, width, default_view(scene)))
    if picture or page:
        return
    from rnnpipe.scene.window import has_display, open_window

    if not has_display():
        raise click.ClickException(
            "there is no display to open a window on; --picture FILE.png or --page FILE.html "
            "write what it would show"
        )
    open_window(scene, order)


@click.command()
@of_network
@click.argument("movie", type=OUTPUT)
@click.option("--kind", type=click.Choice(MOVIES), default="turn", show_default=True)
@click.option("--seconds", default=8.0, show_default=True, help="Length, of each turn.")
@click.option("--rate", default=15, show_default=True, help="Pictures per second.")
@click.option("--width", default=960, show_default=True, help="Width in pixels.")
def movie(
    results: Path, movie: Path, kind: str, seconds: float, rate: int, width: int, **which: Any
) -> None:
    """Write a MOVIE (.mp4 or .gif) of one network of RESULTS (the folder results/<experiment>).

    \b
    turn    once around the skeleton
    reveal  once around for every number of unstable modes, with the points of up to so many
    trial   one trial running through the skeleton
    """
    from rnnpipe.commands.movie_file import SUFFIXES, write_movie
    from rnnpipe.tables.artifacts import ArtifactError

    if movie.suffix not in SUFFIXES:
        raise click.BadParameter(f"ends with {' or '.join(SUFFIXES)}", param_hint="'MOVIE'")
    scene = load(results, **which)
    graphics()
    from rnnpipe.scene.movie import frames

    count = max(round(seconds * rate), 1)
    total = count * (len(scene.orders) if kind == "reveal" else 1)
    try:
        write_movie(movie, told(frames(scene, kind, count, width), total), rate)
    except ArtifactError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{movie}: {scene.title}")


def load(results: Path, colour: str, trials: int, **which: Any) -> "Scene":
    """The scene of the network that the options name."""
    from rnnpipe.results.folder import Unknown, open_network
    from rnnpipe.results.scenes import network_scene
    from rnnpipe.tables.artifacts import ArtifactError

    if results.parent.name != "results":
        raise click.ClickException(f"{results} is no folder results/<experiment>")
    # Paths of results start with their folder's name, from where it lies.
    os.chdir(results.parent.parent)
    try:
        settings, networks, network = open_network(Path("results", results.name), **which)
        settings["scenes"] = {"colour": colour, "trials": trials}
        scene = network_scene(settings, networks, network)
    except (Unknown, ArtifactError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{scene.title} ({scene.status})", err=True)
    return scene


def graphics() -> None:
    """Find out whether anything can be drawn without a display."""
    try:
        prepare_graphics(threads=os.cpu_count() or 1)
    except GraphicsError as error:
        raise click.ClickException(str(error)) from None


def save(path: Path, content: bytes) -> None:
    """Write a file and say so."""
    from rnnpipe.tables.artifacts import ArtifactError, write_bytes

    try:
        write_bytes(path, content)
    except ArtifactError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{path}")


def told(frames: Iterator[Any], total: int) -> Iterator[Any]:
    """The same pictures; says how many are done."""
    line = ProgressLine("drawing pictures", total)
    for done, frame in enumerate(frames, 1):
        yield frame
        line.update(done)
