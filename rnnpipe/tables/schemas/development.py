"""Tables of blocks on how skeletons arise: networks at the steps whose weights are kept."""

from collections.abc import Mapping

from rnnpipe.tables.schemas.columns import Columns, flag, number, numbers, text, whole
from rnnpipe.tables.schemas.shared import (
    CERTIFICATE,
    INDEX_SUM,
    MOVING_SHARE,
    PARTICIPATION_RATIO,
    PROBE,
    READOUT,
    SCORE,
    SEED,
    STATE,
)

KEPT_STEP = whole("Training steps done when the weights were kept; 0: before training.")
POINT_IDENTITY = whole(
    "Number of the point that it keeps from its birth to its death, from 0 within network and "
    "probe; a point that is born where one has died before is another point."
)
ATTRACTOR_IDENTITY = whole(
    "Number of the attractor that it keeps from its birth to its death, from 0 within network and "
    "probe; not that of its point."
)

DEVELOPMENT: Mapping[str, Columns] = {
    "development": {
        "seed": SEED,
        "probe": PROBE,
        "step": KEPT_STEP,
        "score": SCORE,
        "test_loss": number(
            "Mean squared error on the test trials, weighted by the task's mask; the same for all "
            "probes."
        ),
        "spectral_radius": number(
            "Largest |eigenvalue| of the recurrent weights, of a gated cell those of its "
            "candidate; NaN if they are not finite."
        ),
        "participation_ratio": PARTICIPATION_RATIO,
        "spread": number(
            "Spread of the visited states at this step: their root mean square distance from "
            "their mean; NaN where they are not finite."
        ),
        "points": whole("Fixed points."),
        "stable": whole("Fixed points all of whose modes decay."),
        "attractors": whole("Attractors of any kind."),
        "moving_share": MOVING_SHARE,
        "index_sum": INDEX_SUM,
        "certificate": CERTIFICATE,
        "missed": whole(
            "Points that the search at this step neither found nor was given from the step before "
            "(at the last step it is given none), but to which points of a neighbouring step led; "
            "they are among the points."
        ),
    },
    "development_points": {
        "seed": SEED,
        "probe": PROBE,
        "step": KEPT_STEP,
        "identity": POINT_IDENTITY,
        "state": STATE,
        "readout": READOUT,
        "unstable": whole("Modes that grow: |λ| > 1 by more than 0.001."),
        "class": text(
            "`stable` if all modes decay, `1-saddle`, `2-saddle`, … by the modes that grow, "
            "`marginal` if |λ| of one is 1 within 0.001."
        ),
        "index": whole("Index: -1 to the number of real eigenvalues above 1."),
        "spectral_radius": number("Largest |λ|."),
        "beyond_visited": flag(
            "Whether the point lies farther from the mean of the states visited at this step than "
            "any of them."
        ),
    },
    "development_attractors": {
        "seed": SEED,
        "probe": PROBE,
        "step": KEPT_STEP,
        "identity": ATTRACTOR_IDENTITY,
        "point": whole("Identity of its point in the table `development_points`; -1 of a motion."),
        "kind": text("`fixed`, `cycle`, `limit cycle`, `torus`, `chaotic` or `slow`."),
        "period": number(
            "Updates per turn: 1 of a point, the mean of a limit cycle; of a cycle those after "
            "which it closes; else NaN."
        ),
        "rotation": number(
            "Turns per update: 0 of a point; NaN of kinds other than point, cycle and limit cycle."
        ),
        "amplitude": number("Root mean square distance of its states from their mean."),
        "visited_share": number("Share of the runs from visited states; NaN without such runs."),
        "box_share": number("Share of the runs from the box; NaN without such runs."),
        "state": STATE,
        "readout": numbers("Mean output along it (output)."),
        "readout_low": numbers("Smallest output along it (output)."),
        "readout_high": numbers("Largest output along it (output)."),
    },
    "development_events": {
        "seed": SEED,
        "probe": PROBE,
        "of": text("What is born or dies: a `point` or an `attractor`."),
        "event": text("`birth` or `death`; what exists at step 0 has no birth."),
        "identity": whole("Identity of the point or attractor."),
        "partner": whole(
            "Identity of the point or attractor that is born or dies with it: of the other point "
            "of a fold or a branch point; of the stable point that a motion takes the place of, "
            "or that takes the place of a motion; -1 where there is none."
        ),
        "kind": text(
            "By what, between two kept steps whose weights are interpolated: `fold` (two points "
            "meet), `branch point` (pitchfork or another crossing of branches), `flip` (an "
            "eigenvalue passes -1), `neimark-sacker` (a complex pair passes |λ| = 1); `unknown` "
            "where nothing tells."
        ),
        "step_before": whole("Last kept step before the event."),
        "step_after": whole("First kept step after the event."),
        "step": number(
            "When, between these: as far on the way as the interpolated weights of the event are; "
            "NaN where the event is not dated."
        ),
        "unstable": whole(
            "Modes that grow, of the point at the kept step at which it is next to the event; 0 of "
            "an attractor."
        ),
        "index": whole("Index of the point there; 0 of an attractor that is no point."),
        "readout": numbers(
            "Outputs of the point, mean outputs along the attractor, at that kept step (output)."
        ),
    },
}
