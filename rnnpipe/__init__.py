"""Train, analyse and compare populations of recurrent neural networks.

`find_fixed_points` and `find_attractors` analyse any network from a notebook; `FixedPoints`
and `Attractors` are what they return, and `load` reads from a file. `find_branches` follows
fixed points along an input. `network` makes a rate network, a `Network`, of given weights.
`open` opens a folder of results, `Results`, with its networks, each a `TrainedNetwork`.
"""

from typing import Any

__version__ = "0.1.0"

# All but `open`, by which ``from rnnpipe import *`` would hide Python's own.
__all__ = [
    "Attractors",
    "Branches",
    "FixedPoints",
    "Network",
    "Results",
    "TrainedNetwork",
    "__version__",
    "find_attractors",
    "find_branches",
    "find_fixed_points",
    "load",
    "network",
]


def __getattr__(name: str) -> Any:
    """Import the library on first use: the workflow imports the package for every job."""
    if name not in (*__all__, "open"):
        raise AttributeError(f"module 'rnnpipe' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("rnnpipe.library"), name)
