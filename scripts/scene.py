"""Draw some networks of a cohort in three dimensions, as pictures and as pages."""

from pathlib import Path

import click

from rnnpipe.jobs.job import job
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.pages.network_page import network_page
from rnnpipe.plan.paths import scene_name
from rnnpipe.plan.reads import files_read
from rnnpipe.plan.report_text import NO_PICTURE
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.scenes import network_scene, scene_networks
from rnnpipe.scene.caption import caption
from rnnpipe.scene.contents import Scene
from rnnpipe.scene.graphics import GraphicsError, prepare_graphics
from rnnpipe.settings.job_settings import SceneJob
from rnnpipe.tables.artifacts import whole_folder, write_bytes
from rnnpipe.tables.provenance import mark_folder


@job(STAGES["scene"], reads=files_read)
def main(settings: SceneJob, folder: Path) -> None:
    """Draw the networks that the settings ask for, solved ones first."""
    networks, chosen = scene_networks(settings)
    lack = without_graphics()
    if lack:
        click.echo(f"pictures are skipped: {lack}", err=True)
    line = ProgressLine("drawing networks", len(chosen))
    with whole_folder(folder) as partial:
        for done, (_, network) in enumerate(chosen.iterrows(), 1):
            try:
                scene = network_scene(settings, networks, network)
            except ValueError as error:
                click.echo(f"seed {network['seed']} is not drawn: {error}", err=True)
                continue
            draw(scene, settings, partial, lack)
            line.update(done, f"seed {network['seed']}")
        mark_folder(partial, settings)


def without_graphics() -> str:
    """Why nothing can be drawn in three dimensions here; empty where it can."""
    try:
        prepare_graphics(threads=1)
    except GraphicsError as error:
        return str(error)
    return ""


def draw(scene: Scene, settings: SceneJob, folder: Path, lack: str) -> None:
    """Write the page, the caption, and where they can be drawn the pictures of one network."""
    text = caption(scene)
    if lack:
        text = f"{text} {NO_PICTURE} {lack} Then snakemake --forcerun scene draws it."
    else:
        # VTK reads how to open windows when it is imported.
        from rnnpipe.scene.picture import default_view, picture

        view, width = default_view(scene), settings.scenes.width
        orders = scene.orders if settings.scenes.reveal else []
        for order in orders:
            name = scene_name(scene.seed, "png", order)
            write_bytes(folder / name, picture(scene.up_to(order), width, view))
        write_bytes(folder / scene_name(scene.seed, "png"), picture(scene, width, view))
    write_bytes(folder / scene_name(scene.seed, "html"), network_page(scene).encode())
    write_bytes(folder / scene_name(scene.seed, "txt"), f"{text}\n".encode())


if __name__ == "__main__":
    main()
