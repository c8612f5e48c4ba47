"""The ideal cube as it is planted to arise: a scene with the development of three tanh units."""

import functools
from dataclasses import replace

from rnnpipe.scene.contents import Scene
from rnnpipe.scene.development import TABLES, development_of
from tests.helpers.tanh_developments import PROBE, development
from tests.scene.ideal_scenes import cube

SEED = 0


@functools.cache
def grown(seed: int = SEED, model: str = "tanh16") -> Scene:
    """The cube with the development of one planted network."""
    tables = development((model,), seed + 1)
    own = {name: table[table["seed"] == seed] for name, table in tables.items() if "seed" in table}
    own = {name: own[name] for name in (*TABLES, "components")}
    return replace(
        cube(), development=development_of(own, own["components"], [PROBE], cube().paths)
    )
