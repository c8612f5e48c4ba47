"""The command `view`: one network of finished results in three dimensions."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from rnnpipe.jobs.option_ranges import range_of
from rnnpipe.parameters import Count, Pixels, Seed, WholeNumber
from rnnpipe.scene.graphics import GraphicsError, prepare_graphics
from rnnpipe.settings.sections.analysis import Colour
from rnnpipe.tables.artifacts import ArtifactError, write_bytes

if TYPE_CHECKING:
    from rnnpipe.scene.contents import Scene

OUTPUT = click.Path(dir_okay=False, path_type=Path, resolve_path=True)


def of_network(function: Callable[..., None]) -> Callable[..., None]:
    """Add the argument and the options that select a network and how it is drawn."""
    folder = click.Path(exists=True, file_okay=False, path_type=Path, resolve_path=True)
    for option in (
        click.option(
            "--trials",
            type=range_of(Count),
            default=100,
            show_default=True,
            help="Trajectories to draw.",
        ),
        click.option(
            "--colour",
            type=click.Choice(get_args(Colour)),
            default="condition",
            show_default=True,
            help="What trajectories are coloured by.",
        ),
        click.option("--seed", type=range_of(Seed), help="Seed; the first solved one by default."),
        click.option("--constraint", help="Constraint; the first by default."),
        click.option("--model", help="Model; the first by default."),
        click.option("--task", help="Task; the first by default."),
        click.option(
            "--file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path, resolve_path=True),
            help="The experiment's file, with which results are compared; by default the file "
            "beside results/ or in config/ that names the experiment.",
        ),
        click.argument("results", type=folder),
    ):
        function = option(function)
    return function


@click.command()
@of_network
@click.option(
    "--order",
    type=range_of(WholeNumber),
    help="Show only points with at most this many unstable modes.",
)
@click.option("--picture", type=OUTPUT, help="Write a PNG instead of opening a window.")
@click.option("--page", type=OUTPUT, help="Write an interactive page instead of opening a window.")
@click.option(
    "--width",
    type=range_of(Pixels),
    default=2400,
    show_default=True,
    help="Width of the PNG in pixels.",
)
def view(
    results: Path,
    order: int | None,
    picture: Path | None,
    page: Path | None,
    width: int,
    **which: Any,
) -> None:
    """Show one network of RESULTS in three dimensions.

    RESULTS is a folder results/<experiment>. The command opens a window if there is a display;
    with --picture or --page it writes files instead. Of results that were made otherwise than the
    experiment's file now says it tells so, also in the picture and on the page.
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


def load(
    results: Path, colour: str, trials: int, file: Path | None = None, **which: Any
) -> "Scene":
    """Load the scene of the network that the options select, or exit with an error."""
    from rnnpipe.plan.stages import gathered
    from rnnpipe.results.folder import Unknown, open_network
    from rnnpipe.results.network_files import block_of
    from rnnpipe.results.scenes import network_scene

    if results.parent.name != "results":
        raise click.ClickException(f"{results} is not a folder results/<experiment>")
    # Paths of results are relative to the folder that holds results/.
    os.chdir(results.parent.parent)
    try:
        folder = Path("results", results.name)
        settings, networks, network = open_network(folder, **which)
        block = block_of(folder, settings.cohorts[0].cohort, int(network["seed"]))
        for name in gathered("scene", settings.asked):
            block.require_own(name)
        scenes = settings.scenes.model_copy(update={"colour": colour, "trials": trials})
        settings = settings.model_copy(update={"scenes": scenes})
        scene = network_scene(settings, networks, network)
    except (Unknown, ArtifactError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    scene = compared_scene(scene, results.name, file)
    click.echo(f"{scene.title} ({scene.status})", err=True)
    return scene


def compared_scene(scene: "Scene", results: str, file: Path | None) -> "Scene":
    """Compare a network's results with the experiment's file; a scene of stale ones says so."""
    from rnnpipe.commands.current import NotCompared, differences_of
    from rnnpipe.settings import Cohort

    cohort = Cohort(scene.task, scene.model, scene.constraint)
    try:
        lines = differences_of(results, scene.task, cohort, scene.seed, file)
    except NotCompared as error:
        click.echo(f"not compared with an experiment's file: {error}; --file names one", err=True)
        return scene
    if not lines:
        return scene
    click.echo("stale, made otherwise than planned:", err=True)
    for line in lines:
        click.echo(f"  {line}", err=True)
    facts = {"stale, made otherwise than planned": "; ".join(lines), **scene.facts}
    return replace(scene, status=f"{scene.status}, stale", facts=facts)


def graphics() -> None:
    """Prepare drawing without a display, or exit with an error that says what is missing."""
    try:
        prepare_graphics(threads=os.cpu_count() or 1)
    except GraphicsError as error:
        raise click.ClickException(str(error)) from None


def save(path: Path, content: bytes) -> None:
    """Write a file and print its path."""
    try:
        write_bytes(path, content)
    except ArtifactError as error:
        raise click.ClickException(str(error)) from None
    click.echo(path)
