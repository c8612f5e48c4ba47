"""What the picture of a scene shows, in words."""

from collections import Counter

from rnnpipe.dynamics.classes import ATTRACTOR
from rnnpipe.figures.panels.attractors import described
from rnnpipe.figures.panels.continua import no_attractors
from rnnpipe.jobs.plain_text import count
from rnnpipe.scene.contents import Scene

MODES = (
    "run along both directions of each unstable eigenvector; their length is the part of the unit "
    "vector that lies within the three dimensions."
)


def caption(scene: Scene) -> str:
    """Sentences that say what is drawn, of which network, and what is left out."""
    parts = [f"{scene.title} ({scene.status}): {_paths(scene)}.", _points(scene)]
    parts.append(described(scene.attractors, ["probe", "point"]).strip())
    if len(scene.modes):
        parts.append(f"Red tubes {MODES}")
    if len(scene.unstable_manifold_runs):
        parts.append(
            "Dark lines follow the network after a push off a point along such an eigenvector."
        )
    if (scene.edges["kind"] == "noise").any():
        parts.append(
            "Straight grey tubes lead where noise takes the network, wider where more probable."
        )
    parts += [_continua(scene), _left_out(scene)]
    return " ".join(part for part in parts if part)


def space(scene: Scene) -> str:
    """The three dimensions that are drawn."""
    leading = "the three leading principal components"
    if scene.turned:
        return f"{leading}, turned so that unstable directions stand upright"
    return leading


def _paths(scene: Scene) -> str:
    trials = count(scene.paths["trial"].nunique(), "trial")
    by = f"; they are coloured by {scene.colouring.name}" if scene.colouring else ""
    return f"trajectories of {trials} along {space(scene)}{by}"


def _points(scene: Scene) -> str:
    if scene.points.empty:
        return "No fixed points lie near the trajectories."
    named = " and ".join(f"“{probe}”" for probe in scene.probes)
    if len(scene.probes) > 2:
        named = f"each of {len(scene.probes)} probe inputs"
    return (
        f"Spheres are fixed points under {named}, coloured by the number of their unstable modes"
        f"{'; marginal ones are pale' if scene.points['marginal'].any() else ''}."
    )


def _continua(scene: Scene) -> str:
    curves = scene.continua.drop_duplicates(["probe", "continuum"])
    attracting = curves["nature"] == ATTRACTOR
    kinds = Counter(curves.loc[attracting, "kind"])
    found = " and ".join(count(n, f"{kind} attractor") for kind, n in sorted(kinds.items()))
    sentences = [f"Wide lines: {found}."] if found else []
    if others := no_attractors(curves["nature"]):
        sentences.append(f"Thin pale lines: slow curves that are no attractors, {others}.")
    return " ".join(sentences)


def _left_out(scene: Scene) -> str:
    hidden = scene.facts.get("not drawn", "")
    return f"Not drawn: {hidden}." if hidden else ""
