"""Advice on another size of blocks: where starts cost much, or single blocks take long."""

from rnnpipe.jobs.plain_text import count, duration
from rnnpipe.plan.estimate import JOB_SECONDS, network_seconds
from rnnpipe.settings import Experiment
from rnnpipe.settings.grid import cut_blocks

# A block's whole chain, from training to graphs, should take one core no longer.
LONGEST = 4 * 3600.0
# The largest size that is advised: a block of 64 networks of 64 units trains in 1 GB.
LARGEST = 64
# Larger blocks are advised if they save as much, and as much of the whole.
WORTHWHILE, SHARE = 600.0, 0.25
# Rules that take a GPU's time where there is one, hundreds of networks at once.
ON_DEVICE = ("train", "fixed_points")
# Starts that take as little of the whole are few enough.
FEW = 0.1


def block_advice(experiment: Experiment) -> str:
    """Return which other size of blocks would serve better, with the reason; empty if none.

    A size is only ever advised: to change it trains all networks again.
    """
    size = experiment.compute.seeds_per_job
    held, heaviest = min(size, len(experiment.seeds)), max(_network_costs(experiment))
    if held > 1 and held * heaviest > LONGEST:
        return _smaller(held, heaviest)
    larger = _larger(experiment, heaviest)
    saved = _start_seconds(experiment, size) - _start_seconds(experiment, larger)
    whole = _start_seconds(experiment, size) + _work_seconds(experiment)
    if saved < WORTHWHILE or saved < SHARE * whole:
        return ""
    return (
        f"Larger blocks would serve better: the starts of all jobs on blocks take "
        f"{duration(_start_seconds(experiment, size))} of one core, their networks "
        f"{duration(_work_seconds(experiment))}. With compute: {{seeds_per_job: {larger}}} starts "
        f"take {duration(_start_seconds(experiment, larger))}; one more seed then repeats up to "
        f"{duration(larger * heaviest)} of work instead of {duration(size * heaviest)}."
    )


def _smaller(held: int, heaviest: float) -> str:
    """Return the advice to make a block smaller that takes too long with the seeds it holds."""
    smaller = 1
    while 2 * smaller * heaviest <= LONGEST:
        smaller *= 2
    return (
        f"Smaller blocks would serve better: the heaviest block, of {count(held, 'network')}, "
        f"takes one core {duration(held * heaviest)}, and one more seed may repeat it. With "
        f"compute: {{seeds_per_job: {smaller}}} it takes {duration(smaller * heaviest)}, and the "
        f"work spreads over more cores or nodes."
    )


def _larger(experiment: Experiment, heaviest: float) -> int:
    """Return the smallest power of two from which on starts are few, within the bounds."""
    size, work = 1, _work_seconds(experiment)
    while (
        _start_seconds(experiment, size) > FEW * (_start_seconds(experiment, size) + work)
        and 2 * size <= LARGEST
        and 2 * size * heaviest <= LONGEST
    ):
        size *= 2
    return max(size, experiment.compute.seeds_per_job)


def _network_costs(experiment: Experiment) -> list[float]:
    """Seconds of a core that a network takes in all its stages, by cohort."""
    elsewhere = ON_DEVICE if experiment.compute.device == "cuda" else ()
    by_cohort = (network_seconds(experiment, cohort) for cohort in experiment.cohorts())
    return [sum(s for rule, s in own.items() if rule not in elsewhere) for own in by_cohort]


def _work_seconds(experiment: Experiment) -> float:
    """Seconds that all networks take in all stages of blocks, without starts."""
    return len(experiment.seeds) * sum(_network_costs(experiment))


def _start_seconds(experiment: Experiment, size: int) -> float:
    """Seconds that the starts of all jobs on blocks of a size take."""
    blocks = len(cut_blocks(experiment.seeds, size))
    jobs = sum(len(network_seconds(experiment, cohort)) for cohort in experiment.cohorts())
    return blocks * jobs * JOB_SECONDS
