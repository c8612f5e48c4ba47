"""Tables of blocks on curves of states: slow ones, and branches of fixed points along an input."""

from collections.abc import Mapping

from rnnpipe.tables.schemas.columns import Columns, flag, number, text, whole
from rnnpipe.tables.schemas.shared import BRANCH, CONTINUUM, PROBE, READOUT, SEED, STATE, SWEEP

CONTINUA: Mapping[str, Columns] = {
    "branches": {
        "seed": SEED,
        "sweep": SWEEP,
        "branch": BRANCH,
        "step": whole("Number of the point along its branch, from 0."),
        "position": number(
            "Length along the branch, of states in spreads and of the input in its range."
        ),
        "value": number("Value of the swept input, in its unit."),
        "sampled": flag(
            "Whether the value is one of the sweep's; of a closed branch's last point, which is "
            "its first again, false."
        ),
        "state": STATE,
        "readout": READOUT,
        "unstable": whole("Modes with |λ| > 1."),
        "stable": flag("Whether no mode has |λ| > 1."),
        "spectral_radius": number("Largest |λ|."),
        "proved": flag(
            "Whether the points of the branches at this value of the sweep are proved to be all."
        ),
    },
    "bifurcations": {
        "seed": SEED,
        "sweep": SWEEP,
        "branch": BRANCH,
        "kind": text(
            "`fold` (the branch turns back), `branch point` (another one crosses), `flip` (an "
            "eigenvalue passes -1) or `neimark-sacker` (a complex pair passes |λ| = 1)."
        ),
        "position": number("Length along the branch, as in the table `branches`."),
        "value": number("Value of the swept input, in its unit."),
        "state": STATE,
        "readout": READOUT,
    },
    "continua": {
        "seed": SEED,
        "probe": PROBE,
        "continuum": CONTINUUM,
        "kind": text(
            "`ring` (followed all round), `arc` (a torn ring, its ends nearer than a third of its "
            "length), `line` or `surface`."
        ),
        "nature": text(
            "`attractor`, `repelling` (a mode across it grows), `marginal` (one does neither) or "
            "`leak` (the drift crosses it within ten trials)."
        ),
        "closed": flag("Whether it is a ring."),
        "nodes": whole("States on it."),
        "length": number(
            "Length without the gap, in spreads; of a surface the largest distance of two states."
        ),
        "gap": number("Distance of its ends, in spreads; 0 of a ring, NaN of a surface."),
        "turns": number(
            "Turns of the reported angle along it; NaN of a surface, where the task asks for no "
            "angle, and where outputs report none."
        ),
        "drift": number("Median displacement per update, in spreads."),
        "fastest": number("Largest displacement per update, in spreads."),
        "transversal": number("Largest |λ| of the modes across it, anywhere on it."),
        "crossing": number(
            "Trials that the largest displacement takes to cover its length; infinite at rest."
        ),
        "error": number("Bound on how far a state held for a trial drifts along it, in spreads."),
        "condition_drift": number(
            "Median change per update of the condition that outputs report, without sign, in the "
            "condition's unit; NaN where they report none."
        ),
        "condition_error": number(
            "Largest change of the reported condition per update, times the updates of a trial; "
            "NaN where outputs report none."
        ),
        "fixed": whole("Fixed points on it."),
        "slow": whole("Slow points on it."),
    },
    "continuum_points": {
        "seed": SEED,
        "probe": PROBE,
        "continuum": CONTINUUM,
        "node": whole("Number of the state, from 0: along a curve in order, on a surface in none."),
        "position": number("Length from the first state, in spreads; NaN on a surface."),
        "state": STATE,
        "readout": READOUT,
        "drift": number(
            "Displacement per update, in spreads: along the curve in its order; of a surface the "
            "speed."
        ),
        "eigenvalue": number("λ of the slowest mode; NaN where it is complex."),
        "transversal": number("Largest |λ| of the modes across."),
        "condition": number(
            "Condition that the outputs report, in the task's unit; NaN where unclear."
        ),
        "condition_drift": number("Change of the condition per update; NaN where unclear."),
        "point": whole("Number of the point that lies there; -1 where none does."),
    },
}
