"""The sections on everything after training, and on computing."""

from typing import Literal

from pydantic import Field

from rnnpipe.settings.base import (
    Count,
    NonNegative,
    OpenFraction,
    Positive,
    Settings,
    Several,
    WholeNumber,
)


class HarvestSettings(Settings):
    """Noise-free trajectories of the trained networks."""

    trials: Count = Field(128, description="Trials that every network runs.")
    seed: WholeNumber = Field(0, description="Seed of these trials, the same for all networks.")


class FixedPointSettings(Settings):
    """The search for fixed points."""

    starts: Count = Field(512, description="Starting states per round.")
    rounds: Count = Field(40, description="Largest number of rounds.")
    quiet_rounds: Count = Field(2, description="Rounds without a new point that end the search.")
    noise: NonNegative = Field(
        0.05, description="Noise on starts mixed from found points, relative to the states' spread."
    )
    tolerance: Positive = Field(
        1e-20, description="Converged below this q = |F(h) - h|^2 / 2, recomputed at the end."
    )
    merge: Positive = Field(
        1e-4, description="Points closer than this are one, relative to the states' spread."
    )
    longest_period: Count = Field(
        8, description="Longest period of the cycles that are sought; 1: none."
    )
    snapshots: tuple[Positive, ...] = Field(
        (1e-4, 1e-6, 1e-8, 1e-10),
        description="Levels of q at which states are kept on the way down.",
    )


class ContinuaSettings(Settings):
    """Continuous attractors: lines and rings of slow states."""

    starts: Count = Field(64, description="Visited states from which to look for curves.")
    step: OpenFraction = Field(
        0.05, description="Longest step along a curve, relative to the states' spread."
    )


class BranchSettings(Settings):
    """Branches of fixed points along the probes that are swept."""

    searches: Several = Field(
        5, description="Values at which all points are sought: both ends, 0, and some between."
    )
    starts: Count = Field(256, description="Starting states per round of these searches.")
    rounds: Count = Field(8, description="Largest number of rounds of these searches.")
    step: OpenFraction = Field(
        0.05,
        description="Longest step, relative to the states' spread and the sweep's length.",
    )
    steps: Count = Field(1000, description="Most steps from a known point to the next.")


class StabilitySettings(Settings):
    """Eigenvalues and modes at the fixed points."""

    tolerance: OpenFraction = Field(
        1e-3, description="A mode is marginal when its |eigenvalue| is this close to 1."
    )
    vectors: WholeNumber = Field(
        8, description="Leading modes with eigenvectors kept (unstable ones always are)."
    )


class GraphSettings(Settings):
    """Transitions between fixed points."""

    perturbations: Count = Field(64, description="Random perturbations of every fixed point.")
    size: OpenFraction = Field(
        0.03, description="Size of a perturbation, relative to the nearest neighbour's distance."
    )
    steps: Count = Field(1000, description="Longest run after a perturbation, steps.")


class FigureSettings(Settings):
    """What figures show."""

    examples: Count = Field(1, description="Networks drawn per cohort where not all are drawn.")
    trials: Count = Field(100, description="Trajectories drawn per network.")
    dpi: Count = Field(200, description="Resolution of PNG files, dots per inch.")


class ComputeSettings(Settings):
    """How the work is divided and where it runs."""

    seeds_per_job: Count = Field(8, description="Consecutive seeds that one job handles together.")
    threads: Count = Field(1, description="CPU threads per job; results are exact for 1.")
    device: Literal["cpu", "cuda", "auto"] = Field(
        "cpu", description="Where networks are trained; auto takes cuda where there is one."
    )
