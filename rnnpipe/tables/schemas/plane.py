"""Tables of blocks on networks of low rank in their few variables κ."""

from collections.abc import Mapping

from rnnpipe.tables.schemas.columns import Columns, number, numbers, text, whole
from rnnpipe.tables.schemas.shared import ATTRACTOR, NODE, POINT, PROBE, SEED

KAPPA = numbers(
    "κ: the current that the recurrence sends along each direction, as a root mean square over "
    "units, with a sign (direction)."
)

PLANE: Mapping[str, Columns] = {
    "plane": {
        "seed": SEED,
        "probe": PROBE,
        "kappa": KAPPA,
        "flow": numbers("Change of κ by one update of the network (direction)."),
        "attractor": whole(
            "Number of the attractor that a run from there settles at, as in the table "
            "`attractors`; -1 of none."
        ),
    },
    "plane_axes": {
        "seed": SEED,
        "direction": whole("Number of the direction, from 0, by falling singular value."),
        "singular_value": number("Singular value of the recurrent weights."),
        "low": number("Least κ of the grid along it; NaN of the third direction."),
        "high": number("Largest κ of the grid along it; NaN of the third direction."),
        "slice": number(
            "κ along it at which the grid lies, the mean of visited states; NaN of the first two."
        ),
        "readout": numbers(
            "Change of the outputs per unit of κ where all slopes of the activation are 1 (output)."
        ),
    },
    "plane_points": {
        "seed": SEED,
        "probe": PROBE,
        "point": POINT,
        "kappa": KAPPA,
    },
    "plane_curves": {
        "seed": SEED,
        "probe": PROBE,
        "attractor": ATTRACTOR,
        "node": NODE,
        "phase": whole("Number of the state, from 0, as in the table `curves`."),
        "kappa": KAPPA,
    },
    "plane_trials": {
        "seed": SEED,
        "trial": whole("Number of the trial, from 0, the same for all networks of the task."),
        "time": whole("Update of the network in the trial, from 0."),
        "probe": text("Name of the probe whose input is nearest to the mean input of the trial."),
        "kappa": KAPPA,
    },
}
