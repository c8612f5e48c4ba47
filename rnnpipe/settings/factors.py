"""The factors of a cohort: what its networks are by design."""

from typing import Any

from rnnpipe.settings.experiment import Experiment
from rnnpipe.settings.grid import Cohort
from rnnpipe.settings.sections.constraints import ResolvedConstraint


def factors(experiment: Experiment, cohort: Cohort) -> dict[str, Any]:
    """Return the factors of a cohort, as listed in `tables.schemas.FACTORS`, without its names.

    A factor without meaning is None: leak and noise of cells without a leak,
    penalty and gain of imported networks, Dale's ratio without signs. With
    several regions, Dale's ratio is the mean over the units of regions with
    signs, density the mean over all units, and `autapses` tells whether all
    regions have them.
    """
    model = experiment.models[cohort.model]
    leaky = "alpha" in type(model).model_fields
    trained = not model.imported
    penalty = experiment.training_for(cohort.task, cohort.model).weight_decay
    return {
        "cell": model.cell,
        "activation": model.activation,
        "units": model.units,
        "l2": penalty if trained else None,
        "gain": model.gain if trained else None,
        "alpha": model.alpha if leaky else None,
        "noise": model.noise if leaky and trained else None,
        **_of_constraint(experiment.constraints[cohort.constraint].resolved(model.units)),
    }


def _of_constraint(constraint: ResolvedConstraint) -> dict[str, Any]:
    regions = constraint.regions
    signed = [region for region in regions if region.excitatory]
    within = sum(region.units for region in signed)
    units = sum(region.units for region in regions)
    excitatory = sum(region.excitatory for region in signed)
    density = sum(region.units * (region.density or 1.0) for region in regions)
    return {
        "dale_ratio": round(excitatory / within, 2) if signed else None,
        "autapses": all(region.autapses for region in regions),
        "density": density / units,
        "modules": len(regions),
    }
