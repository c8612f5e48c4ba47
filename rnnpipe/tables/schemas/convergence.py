"""Tables on how alike networks of one task are while they are trained."""

from collections.abc import Mapping

from rnnpipe.tables.schemas.columns import Columns, number, numbers, text, whole
from rnnpipe.tables.schemas.shared import CONSTRAINT, MODEL, SEED, TASK

_METRIC = text(
    "Name of the metric: `svcca` of states on shared test trials, or `topology` of fixed points "
    "and attractors by readout and stability, without the transitions between them."
)

CONVERGENCE: Mapping[str, Columns] = {
    "convergence": {
        "task": TASK,
        "metric": _METRIC,
        "step": whole(
            "Step of training at which networks are compared; one that had ended before counts as "
            "it ended."
        ),
        "pairs_of": text(
            "What is compared: networks `within` a cohort, networks `between` cohorts, each "
            "network with its `own end`, or with `other ends`, of other networks of its cohort."
        ),
        "model": text("Name of the model; null where pairs of all cohorts are taken together."),
        "constraint": text("Name of the constraint; null where the model is."),
        "networks": whole("Networks that are compared: solved ones, at most 24 of each cohort."),
        "training": whole("Networks among them that were still training at this step."),
        "pairs": whole("Pairs whose distance is known."),
        "mean": number("Mean distance over these pairs; NaN where there is none."),
        "low": number(
            "Lower end of the 95 % interval of the mean, by a jackknife over networks; NaN where a "
            "cohort has fewer than four."
        ),
        "high": number("Upper end of this interval; NaN where the lower end is."),
    },
    "foretold": {
        "task": TASK,
        "metric": _METRIC,
        "fraction": number("Fraction of the network's own training after which it is looked at."),
        "model": MODEL,
        "constraint": CONSTRAINT,
        "seed": SEED,
        "step": whole("Latest step up to this fraction at which its weights were kept."),
        "end": whole("Its last step, whose weights are its end."),
        "rank": number(
            "Share of the other networks of its cohort whose ends are farther from it than its own "
            "end is, an equal distance counting half: 1 if its own end is nearest, 0.5 by chance; "
            "NaN where it cannot be told."
        ),
        "distances": numbers(
            "Its distances to the ends of all networks of its cohort that are in the table, in the "
            "order of their seeds (network); NaN where two cannot be compared."
        ),
    },
}
