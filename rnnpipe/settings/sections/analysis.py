"""The sections on everything after training, and on where and how it is computed."""

from importlib.util import find_spec
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from rnnpipe.parameters import (
    Count,
    DotsPerInch,
    Few,
    OpenFraction,
    Pixels,
    Positive,
    Seed,
    Settings,
    Several,
    WholeNumber,
    different,
    read_number,
)

Metric = Literal[
    "svcca",
    "procrustes",
    "cka",
    "rsa",
    "topology",
    "gromov",
    "spectra",
    "function",
    "generalisation",
    "weights",
    "dsa",
]
# All but dsa, which needs a library of its own.
METRICS: tuple[Metric, ...] = tuple(name for name in get_args(Metric) if name != "dsa")


class HarvestSettings(Settings):
    """Noise-free trajectories of the trained networks."""

    trials: Count = Field(128, description="Trials that every network runs.")
    kept: Count | None = Field(
        None, description="First trials whose states are written; null: all."
    )
    seed: Seed = Field(0, description="Seed of these trials, the same for all networks.")


class FixedPointSettings(Settings):
    """The search for fixed points."""

    mixtures: Count = Field(64, description="Starts per round that mix three visited states.")
    box: Count = Field(128, description="Starts per round from anywhere in the box.")
    modes: Count = Field(4, description="Leading modes of every point along which starts lie.")
    rounds: Count = Field(20, description="Largest number of rounds.")
    most_starts: Count = Field(20_000, description="Once there were so many, none is added.")
    tolerance: Positive = Field(
        1e-20, description="Converged below this q = ‖F(h) − h‖² / 2, recomputed at the end."
    )
    merge: Positive = Field(
        1e-4, description="Points closer than this are one, relative to the states' spread."
    )
    proof_rank: WholeNumber = Field(
        3,
        description="Highest rank, or number of units, of rate networks whose points are proved "
        "to be all; 0: none.",
    )
    proof_boxes: Count = Field(
        100_000, description="Most parts of the box that a proof looks at before it is cut off."
    )


class AttractorSettings(Settings):
    """Where runs end: every attractor, whatever its kind."""

    visited: Count = Field(64, description="Runs that start from visited states.")
    box: WholeNumber = Field(
        64, description="Runs that start from anywhere in the invariant box; 0: none."
    )
    steps: Count = Field(
        10_000,
        description="Most updates of a run; a run ends as soon as it is told where. "
        "Where runs still settle on a closed curve, four times as many.",
    )
    longest_period: Few = Field(
        64, description="Longest period of the cycles that are solved exactly; 1: none."
    )
    exponent_steps: Count = Field(
        2000, description="Updates over which Lyapunov exponents of moving attractors are taken."
    )


class ContinuaSettings(Settings):
    """Continuous attractors: curves and surfaces of slow states."""

    starts: Count = Field(64, description="Visited states from which to look for curves.")
    step: OpenFraction = Field(
        0.05, description="Longest step along a curve, relative to the states' spread."
    )


class BranchSettings(Settings):
    """Branches of fixed points along the probes that are swept."""

    searches: Several = Field(
        5, description="Values at which all points are sought: both ends, 0, and some between."
    )
    mixtures: Count = Field(64, description="As for fixed_points, of these searches.")
    box: Count = Field(64, description="As for fixed_points, of these searches.")
    rounds: Count = Field(8, description="Largest number of rounds of these searches.")
    step: OpenFraction = Field(
        0.05,
        description="Longest step, relative to the states' spread and the sweep's length.",
    )
    steps: Count = Field(1000, description="Most steps from a known point to the next.")
    proof_rank: WholeNumber = Field(
        3, description="As for fixed_points, of these searches and at every value of the sweep."
    )
    proof_boxes: Count = Field(100_000, description="As for fixed_points, at every value.")


class PlaneSettings(Settings):
    """Networks of rank 1 to 3 in their variables κ: the flow, and the basins of attractors."""

    grid: Several = Field(49, description="Values of κ along each axis of the grid.")
    steps: Count = Field(2000, description="Most updates of a run from a value of the grid.")
    trials: Count = Field(32, description="First harvested trials that are followed in κ.")


class StabilitySettings(Settings):
    """Eigenvalues and modes at the fixed points."""

    tolerance: OpenFraction = Field(
        1e-3, description="A mode is marginal when the size of its eigenvalue is this close to 1."
    )
    vectors: WholeNumber = Field(
        8, description="Leading modes with eigenvectors kept (unstable ones always are)."
    )
    lags: Count = Field(
        30, description="Steps for which the answer to an input pulse is followed, linearised."
    )
    kept: Count = Field(16, description="Most leading modes from which that answer is made up.")


class BehaviourSettings(Settings):
    """What networks do beyond their training."""

    trials: Count = Field(256, description="Trials of every setting.")
    longer: Annotated[tuple[Several, ...], AfterValidator(different)] = Field(
        (2, 4), description="How many times as long as in training trials are."
    )
    noise: Annotated[tuple[Positive, ...], AfterValidator(different)] = Field(
        (0.1, 0.3), description="Noise on the inputs, relative to their root mean square."
    )
    kept: Count = Field(16, description="Longest trials whose outputs are kept, to compare them.")
    seed: Seed = Field(0, description="Seed of these trials, the same for all networks.")


class LoadingsSettings(Settings):
    """Populations of units of networks of low rank, and networks drawn from them."""

    populations: Annotated[Count, Field(le=20)] = Field(
        4, description="Largest number of Gaussian populations that are fitted to the loadings."
    )
    draws: Count = Field(5, description="Networks drawn from every mixture, of every size.")
    times: Annotated[tuple[Count, ...], Field(min_length=1), AfterValidator(different)] = Field(
        (1, 16), description="How many times as many units networks that are drawn have."
    )
    trials: Count = Field(128, description="Trials on which networks that are drawn are scored.")
    seed: Seed = Field(0, description="Seed of these trials, the same for all networks.")


class ComparisonSettings(Settings):
    """Distances between the networks of a task."""

    metrics: Annotated[tuple[Metric, ...], AfterValidator(different)] = Field(
        METRICS, min_length=1, description="Distances; dsa needs the extra of that name."
    )
    components: Count = Field(
        10, description="Leading principal components in which states are compared."
    )
    samples: Several = Field(
        4096, description="Most states of a network that are compared, evenly chosen."
    )

    @field_validator("metrics")
    @classmethod
    def _dsa_is_there(cls, metrics: tuple[Metric, ...]) -> tuple[Metric, ...]:
        if "dsa" in metrics and find_spec("DSA") is None:
            raise ValueError("dsa needs a library: pip install -r requirements-dsa.txt")
        return metrics


class StatisticsSettings(Settings):
    """Permutation tests."""

    permutations: Count = Field(999, description="Permutations of a test.")
    seed: Seed = Field(0, description="Seed of permutations.")


class SimilaritySettings(StatisticsSettings, ComparisonSettings):
    """Distances between the networks of a task, and statistics on them."""


class PushSettings(Settings):
    """How far a state is pushed off a fixed point, and how long it then runs."""

    size: OpenFraction = Field(
        0.03, description="Size of a perturbation, relative to the nearest neighbour's distance."
    )
    steps: Count = Field(1000, description="Longest run after a perturbation, steps.")


class GraphSettings(PushSettings):
    """Transitions between fixed points."""

    perturbations: Count = Field(64, description="Random perturbations of every fixed point.")


class FigureSettings(Settings):
    """What figures show."""

    examples: Count = Field(1, description="Networks drawn per cohort where not all are drawn.")
    trials: Count = Field(100, description="Trajectories drawn per network.")
    dpi: DotsPerInch = Field(200, description="Resolution of PNG files, dots per inch.")


Colour = Literal["condition", "time", "input", "grey"]


def _number_or_all(value: Any) -> Any:
    """Check a number of networks or all, with one fault instead of one per alternative."""
    number = read_number(value)
    if number == "all" or (isinstance(number, int | float) and number >= 0 and number % 1 == 0):
        return number
    raise ValueError("must be a whole number from 0 on, or all")


class SceneSettings(Settings):
    """Pictures in three dimensions and interactive pages of single networks."""

    networks: Annotated[WholeNumber | Literal["all"], BeforeValidator(_number_or_all)] = Field(
        1, description="Networks of every cohort that are drawn, solved ones first; all: every one."
    )
    colour: Colour = Field(
        "condition",
        description="What trajectories are coloured by; condition: heading, frequency, or what the "
        "task names.",
    )
    trials: Count = Field(100, description="Trajectories drawn per network.")
    reveal: bool = Field(
        False, description="Draw also pictures with points of up to 0, 1, … unstable modes."
    )
    width: Pixels = Field(2400, description="Width of the pictures, pixels.")


class ComputeSettings(Settings):
    """How the work is divided and where it runs."""

    seeds_per_job: Count = Field(
        4, description="Consecutive seeds of a cohort that one job handles together."
    )
    threads: Few = Field(1, description="CPU threads per job; results are exact for 1.")
    device: Literal["cpu", "cuda", "auto"] = Field(
        "cpu",
        description="Where networks are trained and fixed points are sought; "
        "auto takes cuda where there is one.",
    )
