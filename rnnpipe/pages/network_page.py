"""The page of one network: its scene, spectrum, graph, example trial and facts."""

from __future__ import annotations

from rnnpipe.figures.panels.attractors import described
from rnnpipe.figures.panels.graph import INPUT, MANIFOLD, NOISE
from rnnpipe.figures.panels.plane import DRAWN
from rnnpipe.jobs.plain_text import count
from rnnpipe.pages import plot
from rnnpipe.pages.development_plot import course_plot, development_plot, kept_steps, moments
from rnnpipe.pages.graph_plot import graph_plot, nodes_of
from rnnpipe.pages.plane_plot import plane_plot
from rnnpipe.pages.scene_plot import scene_plot
from rnnpipe.pages.spectrum_plot import spectrum_plot
from rnnpipe.pages.template import fill
from rnnpipe.pages.trial_plot import MOST, height, left_out, trial_plot
from rnnpipe.plan.paths import INDEX, page_name
from rnnpipe.scene.caption import MODES, space
from rnnpipe.scene.contents import Scene

_PLANES = {
    "readout": "its two readouts",
    "oblique": "its three readouts, the third drawn obliquely",
    "components": "the first two axes of the scene",
}
_EXPONENTS = (
    " On the real axis, in shapes of their own: the leading Lyapunov exponents of attractors "
    "beside the points, as growth per step, e to their power."
)
_EDGES = {
    NOISE: "Grey: where noise leads.",
    MANIFOLD: "Dark arrows: both directions of each unstable manifold.",
    INPUT: "Input pulses that lead from attractors are in the legend.",
}


def network_page(scene: Scene) -> str:
    """Write the page as one HTML document that loads nothing from any server.

    Parameters
    ----------
    scene
        The network.

    Returns
    -------
    The document; the same scene gives the same text.
    """
    plots = {
        "scene": scene_plot(scene),
        "spectrum": spectrum_plot(scene),
        "graph": graph_plot(scene),
        "trial": trial_plot(scene),
    }
    if scene.plane is not None:
        plots["plane"] = plane_plot(scene)
    arisen = scene.development is not None
    if arisen:
        plots |= {"development": development_plot(scene), "course": course_plot(scene)}
    return fill(
        "network",
        scene=scene,
        index=INDEX,
        page_name=page_name(scene.task, scene.model, scene.constraint, scene.seed),
        plots={name: plot.written(figure) for name, figure in plots.items()},
        captions=captions(scene),
        steps=kept_steps(scene.development) if arisen else [],
        moments=moments(scene) if arisen else [],
        trial_height=height(scene.trial),
    )


def captions(scene: Scene) -> dict[str, str]:
    """Captions of the plots by their names."""
    return {
        "scene": _of_scene(scene),
        "spectrum": _of_spectrum(scene),
        "graph": _of_graph(scene),
        "trial": _of_trial(scene),
        "plane": _of_plane(scene),
        "development": _of_development(scene),
    }


def _under(scene: Scene) -> str:
    if len(scene.probes) == 1:
        return f"the probe “{scene.probes[0]}”"
    return f"{len(scene.probes)} probes"


def _of_scene(scene: Scene) -> str:
    trials = scene.paths["trial"].nunique()
    sentences = [
        f"States of {count(trials, 'trial')} along {space(scene)}, with the "
        f"{count(len(scene.points), 'point')} found under {_under(scene)}."
    ]
    if moving := described(scene.attractors, ["probe", "point"]):
        sentences.append(moving.strip())
    if len(scene.modes):
        sentences.append(f"Red segments {MODES}")
    if len(scene.unstable_manifold_runs):
        sentences.append(
            "Dark lines are runs of the network that start beside an unstable point, along its "
            "unstable directions."
        )
    if len(scene.edges):
        sentences.append("Transitions are wider where they are more probable.")
    sentences.append("Drag to turn, scroll to zoom; the legend switches layers.")
    return " ".join(sentences)


def _of_spectrum(scene: Scene) -> str:
    return (
        f"The {len(scene.spectrum)} eigenvalues of the Jacobians at all points under "
        f"{_under(scene)}; modes outside the unit circle grow. Point at a fixed point above or "
        f"click it, and its eigenvalues are ringed.{_EXPONENTS if len(scene.attractors) else ''}"
    )


def _of_graph(scene: Scene) -> str:
    nodes, plane = nodes_of(scene)
    if nodes.empty:
        return "No fixed points, no transitions."
    points, others = int(nodes["found"].sum()), int((~nodes["found"]).sum())
    rest = f" and {count(others, 'other attractor')}" if others else ""
    where = f"{count(points, 'point')}{rest}, placed by {_PLANES[plane]}"
    kinds = [text for kind, text in _EDGES.items() if (scene.edges["kind"] == kind).any()]
    if not kinds:
        return f"No transitions lead from one to another of {where}."
    end = "Width grows with probability; returns to the same node are not drawn."
    return " ".join([f"Transitions between {where}.", *kinds, end])


def _of_development(scene: Scene) -> str:
    if scene.development is None:
        return ""
    return (
        f"The skeleton at the steps of training at which weights were kept, along {space(scene)} "
        f"of the trained network, under {_under(scene)}. The slider, its arrow keys or a click on "
        "the curves choose the step; 0 is before training, and steps are logarithmic from the "
        "next one on. Attractors that move are rings at their mean."
    )


def _of_trial(scene: Scene) -> str:
    text = (
        "One of the trials, which the legend of the scene can show there: the inputs above; "
        "below, the outputs in front of their targets."
    )
    if lost := left_out(scene.trial):
        text += f" The first {MOST} channels of either are drawn, {lost} are not."
    return text


def _of_plane(scene: Scene) -> str:
    if scene.plane is None:
        return ""
    axis = scene.plane[scene.plane["layer"] == "axis"].iloc[0]
    sentences = [
        "κ is the current that the recurrence sends along the directions of its weights, as a root "
        "mean square over units; κ changes by itself as shown while the probe is held."
    ]
    if axis["rank"] > DRAWN:
        sentences.append(
            f"The network has rank {int(axis['rank'])}: the flow is that at κ₃ = "
            f"{axis['slice']:.3g}, the mean of the visited states, and all else is projected "
            "along the third direction.".replace("-", "−")
        )
    sentences.append("Tints: what leads to the same attractor. Trials have inputs of their own.")
    return " ".join(sentences)
