"""The kinds of figure, one file per kind."""

# In the order in which they are listed and drawn.
NAMES = (
    "training",
    "trials",
    "performance",
    "variance",
    "weights",
    "loadings",
    "trajectories",
    "spectra",
    "graph",
    "census",
    "endings",
    "moving",
    "plane",
    "ring",
    "branches",
    "ranks",
    "memory",
    "oscillation",
    "contexts",
    "numbers",
    "effects",
)
