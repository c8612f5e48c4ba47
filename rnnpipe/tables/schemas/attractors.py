"""Tables of blocks on what runs end in, and on the transitions between points and attractors."""

from collections.abc import Mapping

from rnnpipe.tables.schemas.columns import Columns, number, numbers, text, whole
from rnnpipe.tables.schemas.shared import ATTRACTOR, MOVING_SHARE, NODE, PROBE, SEED, STATE

ATTRACTOR_TABLES: Mapping[str, Columns] = {
    "attractors": {
        "seed": SEED,
        "probe": PROBE,
        "attractor": ATTRACTOR,
        "node": NODE,
        "kind": text(
            "`fixed`, `cycle`, `limit cycle`, `torus`, `chaotic`, or `slow`: a drift that goes on "
            "after the longest run."
        ),
        "period": number(
            "Updates per turn: 1 of a point, the mean of a limit cycle, of a cycle those after "
            "which it closes; NaN of the other kinds."
        ),
        "rotation": number(
            "Turns per update: 0 of a point; NaN of kinds other than point, cycle and limit cycle."
        ),
        "amplitude": number("Root mean square distance of its states from their mean."),
        "drift": number("Way per update of slow runs; 0 of all other kinds."),
        "exponents": numbers(
            "Its largest Lyapunov exponents, per update (three); NaN beyond the number of state "
            "variables, and of slow runs."
        ),
        "exponent_errors": numbers(
            "Standard errors of the exponents (three); NaN where these are."
        ),
        "dimension": number(
            "Kaplan and Yorke's dimension: 0 of points and cycles, 1 of limit cycles, 2 of tori; "
            "NaN of slow runs, and of a chaotic set of too many dimensions to tell."
        ),
        "frequencies": numbers(
            "Frequencies (frequency) of which all others of its motion are sums of multiples, in "
            "turns per update: one of a cycle or limit cycle, two of a torus, none of the other "
            "kinds."
        ),
        "visited": whole("Runs from visited states that end in it."),
        "visited_share": number("Share of the runs from visited states; NaN without such runs."),
        "visited_low": number(
            "Lower end of Wilson's 95 % interval of `visited_share`; NaN where it is."
        ),
        "visited_high": number(
            "Upper end of Wilson's 95 % interval of `visited_share`; NaN where it is."
        ),
        "box": whole("Runs from random states of the box that end in it."),
        "box_share": number("Share of the runs from the box; NaN without such runs."),
        "box_low": number("Lower end of Wilson's 95 % interval of `box_share`; NaN where it is."),
        "box_high": number("Upper end of Wilson's 95 % interval of `box_share`; NaN where it is."),
        "state": numbers("Its first state, that of phase 0 in the table `curves` (unit)."),
        "readout": numbers("Mean output along it (output)."),
        "readout_low": numbers("Smallest output along it (output)."),
        "readout_high": numbers("Largest output along it (output)."),
    },
    "curves": {
        "seed": SEED,
        "probe": PROBE,
        "attractor": ATTRACTOR,
        "node": NODE,
        "phase": whole(
            "Number of the state, from 0: along a cycle in turn, once round a limit cycle at equal "
            "distances in phase, in order of time on other sets."
        ),
        "time": number("Updates since the first of the states."),
        "state": STATE,
        "readout": numbers("Outputs of the network there (output)."),
    },
    "ends": {
        "seed": SEED,
        "probe": PROBE,
        "visited_runs": whole("Runs from visited states; 0 of a network that was not harvested."),
        "box_runs": whole("Runs from random states of the box."),
        "visited_unassigned": whole("Runs from visited states of which no end was told."),
        "box_unassigned": whole("Runs from the box of which no end was told."),
        "visited_diverged": whole("Runs from visited states that left for infinity."),
        "box_diverged": whole("Runs from the box that left for infinity."),
        "updates": whole("Updates of the longest run."),
        "moving_share": MOVING_SHARE,
    },
    "edges": {
        "seed": SEED,
        "probe": PROBE,
        "from": whole("Node that the state is pushed off: a point, or an attractor of any kind."),
        "to": whole("Node that it settles at; -1 if at none."),
        "kind": text(
            "What pushes it: `noise` (random directions), `unstable manifold` (both ways along "
            "every unstable mode) or `input` (a pulse of the task)."
        ),
        "input": text("Name of the pulse; empty for the other kinds."),
        "probability": number(
            "Share of the trials of this node, kind and input that settle there; they sum to 1."
        ),
        "trials": whole("Trials that settle there."),
        "median_steps": number(
            "Median number of updates until the state was near its end; NaN where `to` is -1."
        ),
    },
}
