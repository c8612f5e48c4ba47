"""How many seeds of a cohort one job handles, if the experiment does not say.

Blocks should be large, because every job starts Python and writes files of its
own, and small enough that a lost job, or a seed added to a block, costs minutes.
The size depends on what a cohort's training depends on and on nothing else:
anything else that moved the blocks would train networks again.
"""

from rnnpipe.settings.costs import GATES, Analysis, costs_of_network
from rnnpipe.settings.sections.analysis import ComputeSettings
from rnnpipe.settings.sections.models import CellSettings
from rnnpipe.settings.sections.training import TrainingSettings
from rnnpipe.tasks import TaskWithSettings

# A block's whole chain, from training to graphs, takes one core no longer than this.
CPU_SECONDS, CPU_LARGEST = 8 * 60, 64
# On a GPU hundreds of networks train at once, and their analysis, on one core, sets the limit.
CUDA_SECONDS, CUDA_LARGEST = 60 * 60, 1024
CUDA_BYTES = 20e9
# Copies of all activations that a training step holds at once; not measured.
CUDA_COPIES = 8
FLOAT32_BYTES = 4


def seeds_per_job(
    compute: ComputeSettings,
    task: TaskWithSettings,
    model: CellSettings,
    training: TrainingSettings,
) -> int:
    """Return how many seeds one job handles: the number given, or one that suits the cohort.

    Parameters
    ----------
    compute
        Holds the number, if given, and the device; ``auto`` counts as ``cpu``.
    task, model
        Settings of the cohort's task and model.
    training
        How the networks are trained; without effect on imported ones.

    Returns
    -------
    int
        The number given, or else a power of two.
    """
    if compute.seeds_per_job is not None:
        return compute.seeds_per_job
    # Probes and analysis may change without training anything again, so they must not count.
    plain = task.model_copy(update={"given_probes": {}})
    seconds = {
        rule: cost.core_seconds
        for rule, cost in costs_of_network(plain, model, training, Analysis()).items()
    }
    if compute.device != "cuda":
        return _power_of_two(CPU_SECONDS / sum(seconds.values()), CPU_LARGEST)
    analysis = sum(seconds.values()) - seconds.get("train", 0.0)
    activations = task.time * training.trials * model.units * GATES.get(model.cell, 1)
    fitting = CUDA_BYTES / (CUDA_COPIES * FLOAT32_BYTES * activations)
    return _power_of_two(min(fitting, CUDA_SECONDS / analysis), CUDA_LARGEST)


def _power_of_two(most: float, largest: int) -> int:
    """Return the largest power of two up to both `most` and `largest`; at least 1."""
    size = 1
    while 2 * size <= min(most, largest):
        size *= 2
    return size
