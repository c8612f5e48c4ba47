"""A scene as solid bodies of vedo: spheres, tubes, and the lines of the box."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import vedo
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkTubeFilter

from rnnpipe.dynamics.classes import ATTRACTOR, CYCLE, FIXED
from rnnpipe.figures import style
from rnnpipe.figures.panels.attractors import CLOUDS, closed, heads
from rnnpipe.figures.panels.states import SEGMENT
from rnnpipe.figures.projection import PLACE, TIP
from rnnpipe.scene.colouring import (
    EDGE,
    EXAMPLE,
    PATH_GREY,
    attractor_colours,
    pale,
    path_colours,
    probe_colours,
    run_colours,
)
from rnnpipe.scene.contents import END, Scene
from rnnpipe.scene.sizes import Sizes

_SIDES = 12
# Trajectories are hardly wider than a pixel.
_PATH_SIDES = 5


def bodies(scene: Scene, size: Sizes) -> list[vedo.Mesh]:
    """Make all bodies of a scene except its box."""
    return [
        *_paths(scene, size),
        *_edges(scene, size),
        *_runs(scene, size),
        *_continua(scene, size),
        *_modes(scene, size),
        *_attractors(scene, size),
        *_points(scene, size),
    ]


def polylines(lines: Sequence[np.ndarray]) -> vtkPolyData:
    """Join many lines, each (step, 3), in one data set."""
    counts = np.array([len(line) for line in lines])
    places = np.concatenate(lines).astype(float)
    points = vtkPoints()
    points.SetData(numpy_to_vtk(places, deep=True))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    cells = vtkCellArray()
    cells.SetData(
        numpy_to_vtkIdTypeArray(offsets, deep=True),
        numpy_to_vtkIdTypeArray(np.arange(len(places), dtype=np.int64), deep=True),
    )
    data = vtkPolyData()
    data.SetPoints(points)
    data.SetLines(cells)
    return data


def tubes(
    lines: Sequence[np.ndarray],
    radius: float,
    colours: np.ndarray | None = None,
    sides: int = _SIDES,
) -> vedo.Mesh:
    """Round tubes of one radius along lines (step, 3).

    Parameters
    ----------
    lines
        The lines that the tubes run along.
    radius
        In units of the scene.
    colours
        (step, 3), bytes, of all lines one after another; none by default.
    sides
        Faces around.
    """
    data = polylines(lines)
    if colours is not None:
        values = numpy_to_vtk(np.ascontiguousarray(colours, dtype=np.uint8), deep=True)
        values.SetName("colours")
        data.GetPointData().SetScalars(values)
    tube = vtkTubeFilter()
    tube.SetInputData(data)
    tube.SetRadius(radius)
    tube.SetNumberOfSides(sides)
    tube.CappingOn()
    tube.Update()
    return vedo.Mesh(tube.GetOutput())


def _lines(rows: pd.DataFrame, keys: list[str]) -> list[np.ndarray]:
    """Places of each group of rows that has two or more."""
    groups = (group[PLACE].to_numpy(float) for _, group in rows.groupby(keys, sort=False))
    return [places for places in groups if len(places) > 1]


def _paths(scene: Scene, size: Sizes) -> list[vedo.Mesh]:
    lines = _lines(scene.paths, ["trial"])
    if not lines:
        return []
    if scene.colouring is None:
        mesh = tubes(lines, size.path, sides=_PATH_SIDES).color(PATH_GREY).alpha(0.22)
        shown = scene.paths[scene.paths["trial"].isin(scene.trial["trial"])]
        example = tubes(_lines(shown, ["trial"]), size.run).color(EXAMPLE)
        return [_flat(mesh), _matt(example)]
    else:
        colours = path_colours(scene.paths["value"].to_numpy(float), scene.colouring)
        mesh = tubes(lines, size.path, colours, _PATH_SIDES).alpha(0.4)
    return [_flat(mesh)]


def _edges(scene: Scene, size: Sizes) -> list[vedo.Mesh]:
    """Straight tubes to where noise leads, wider where that is more probable."""
    edges = scene.edges[scene.edges["kind"] == "noise"]
    meshes = []
    for width, own in edges.groupby((edges["probability"] * 10).round().clip(lower=1)):
        lines = list(np.stack([own[PLACE].to_numpy(float), own[END].to_numpy(float)], axis=1))
        mesh = tubes(lines, size.edge * width / 10).color(EDGE).alpha(0.3)
        meshes.append(_flat(mesh))
    return meshes


def _runs(scene: Scene, size: Sizes) -> list[vedo.Mesh]:
    meshes = []
    for probe, colour in run_colours(scene).items():
        own = scene.unstable_manifold_runs[scene.unstable_manifold_runs["probe"] == probe]
        if lines := _lines(own, ["run"]):
            meshes.append(_matt(tubes(lines, size.run).color(colour)))
    return meshes


def _continua(scene: Scene, size: Sizes) -> list[vedo.Mesh]:
    """Attractors as wide tubes, slow curves that are none as thin pale ones."""
    meshes = []
    colours = probe_colours(scene)
    attracting = scene.continua["nature"] == ATTRACTOR
    for (probe, is_one), own in scene.continua.groupby(["probe", attracting], sort=False):
        lines = []
        for _, nodes in own.groupby("continuum"):
            places = nodes[PLACE].to_numpy(float)
            closed = bool(nodes["closed"].iloc[0])
            lines.append(np.vstack([places, places[:1]]) if closed else places)
        lines = [places for places in lines if len(places) > 1]
        if lines:
            width = size.continuum if is_one else size.run
            colour = colours[str(probe)] if is_one else style.GREY
            meshes.append(_matt(tubes(lines, width).color(colour)))
    return meshes


def _modes(scene: Scene, size: Sizes) -> list[vedo.Mesh]:
    """Both directions of unstable eigenvectors."""
    if scene.modes.empty:
        return []
    middle, reach = scene.modes[PLACE].to_numpy(float), scene.modes[TIP].to_numpy(float)
    lines = list(np.stack([middle - reach, middle + reach], axis=1))
    return [_glossy(tubes(lines, size.mode).color(SEGMENT))]


def _points(scene: Scene, size: Sizes) -> list[vedo.Mesh]:
    """Spheres for fixed points, small grey ones for slow points."""
    meshes = []
    fixed = scene.points[scene.points["kind"] == "fixed"]
    for (unstable, marginal), own in fixed.groupby(["unstable", "marginal"]):
        colour = style.unstable_colour(int(unstable))
        colour = pale(colour) if marginal else colour
        meshes.append(_glossy(_spheres(own, size.point).color(colour)))
    slow = scene.points[scene.points["kind"] == "slow"]
    if len(slow):
        meshes.append(_glossy(_spheres(slow, 0.6 * size.point).color(style.GREY)))
    return meshes


def _attractors(scene: Scene, size: Sizes) -> list[vedo.Mesh]:
    """Closed tubes with cones along their direction, cubes for states of cycles, clouds of dots."""
    meshes = []
    for (probe, _), own in scene.curves.groupby(["probe", "point"], sort=False):
        kind, places = str(own["kind"].iloc[0]), own[PLACE].to_numpy(float)
        colour = attractor_colours(scene, kind)[str(probe)]
        if kind in CLOUDS:
            radius = size.point if kind == FIXED else 0.25 * size.point
            meshes.append(_glossy(_spheres(own, radius).color(colour)))
            continue
        path = closed(places)
        width = size.run if kind == CYCLE else size.continuum
        meshes.append(_matt(tubes([path], width).color(colour)))
        for tip, *base in heads(path, size.extent):
            foot = np.mean(base, axis=0)
            height = float(np.linalg.norm(tip - foot))
            cone = vedo.Cone((tip + foot) / 2, 0.4 * height, height, tip - foot)
            meshes.append(_matt(cone.color(colour)))
        if kind == CYCLE:
            cubes = [vedo.Cube(place, side=1.5 * size.point) for place in places]
            meshes.append(_glossy(vedo.merge(cubes).color(colour)))
    return meshes


def _spheres(rows: pd.DataFrame, radius: float) -> vedo.Mesh:
    return vedo.Spheres(rows[PLACE].to_numpy(float), r=radius, res=32)


def _flat(mesh: vedo.Mesh) -> vedo.Mesh:
    return mesh.lighting(ambient=0.55, diffuse=0.5, specular=0.0)


def _glossy(mesh: vedo.Mesh) -> vedo.Mesh:
    return mesh.phong().lighting(ambient=0.28, diffuse=0.75, specular=0.35, specular_power=28)


def _matt(mesh: vedo.Mesh) -> vedo.Mesh:
    return mesh.phong().lighting(ambient=0.4, diffuse=0.65, specular=0.05, specular_power=8)
