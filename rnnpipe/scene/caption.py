"""What the picture of a scene shows, in words."""

from rnnpipe.plain_text import count
from rnnpipe.scene.contents import Scene


def caption(scene: Scene) -> str:
    """Sentences that say what is drawn, of which network, and what is left out."""
    parts = [f"{scene.title} ({scene.status}): {_paths(scene)} along {_axes(scene)}."]
    parts.append(_points(scene))
    if len(scene.modes):
        parts.append(
            "Red tubes run along both directions of each unstable eigenvector; their length is "
            "the part of the unit vector that lies within the three dimensions."
        )
    if len(scene.excursions):
        parts.append(
            "Dark lines follow the network where it goes when pushed off a point along these."
        )
    if (scene.edges["kind"] == "noise").any():
        parts.append("Straight grey tubes are where noise leads, wider where that is likelier.")
    if len(scene.curves):
        curves = scene.curves[["probe", "continuum"]].drop_duplicates()
        parts.append(f"Wide lines: {count(len(curves), 'line or ring')} of slow states.")
    parts.append(_left_out(scene))
    return " ".join(part for part in parts if part)


def _paths(scene: Scene) -> str:
    trials = count(scene.paths["trial"].nunique(), "trial")
    by = f", coloured by {scene.colouring.name}" if scene.colouring else ""
    return f"trajectories of {trials}{by}"


def _axes(scene: Scene) -> str:
    leading = "the three leading principal components"
    if scene.axes[0].startswith("axis"):
        return f"{leading}, turned so that unstable directions stand upright"
    return leading


def _points(scene: Scene) -> str:
    if scene.points.empty:
        return "No fixed points lie near these."
    named = " and ".join(f"“{probe}”" for probe in scene.probes[:2])
    if len(scene.probes) > 2:
        named = f"each of {len(scene.probes)} probe inputs"
    return (
        f"Spheres are fixed points under {named}, coloured by the number of their unstable modes"
        f"{'; marginal ones are pale' if scene.points['marginal'].any() else ''}."
    )


def _left_out(scene: Scene) -> str:
    hidden = scene.facts.get("not drawn", "")
    return f"Not drawn: {hidden}." if hidden else ""
