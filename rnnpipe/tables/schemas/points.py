"""Tables of blocks on fixed points, and on the dynamics linearised there."""

from collections.abc import Mapping

from rnnpipe.tables.schemas.columns import Columns, flag, number, numbers, text, whole
from rnnpipe.tables.schemas.shared import (
    CERTIFICATE,
    FOUND,
    IM,
    INDEX_SUM,
    MISSING,
    MODE,
    POINT,
    PROBE,
    RE,
    READOUT,
    REASON,
    SEED,
    SLOW_POINTS,
    STATE,
)

POINTS: Mapping[str, Columns] = {
    "fixed_points": {
        "seed": SEED,
        "probe": PROBE,
        "point": whole(
            "Number of the point, from 0: fixed points by index, those of 1 first, then slow ones."
        ),
        "state": STATE,
        "q": number("Speed there: ½|F(h) - h|² of the state h and its update F(h)."),
        "kind": text("`fixed`, or `slow`: a local minimum of q that is no fixed point."),
        "hits": whole("Starts of the search that ended at the point."),
        "inside": flag(
            "Whether the point lies in the box that the network maps into itself; true where there "
            "is none."
        ),
        "distance": number("Distance to the nearest visited state, in spreads."),
        "beyond_visited": flag(
            "Whether the point lies farther from the visited states' mean than any of them."
        ),
        "readout": READOUT,
    },
    "searches": {
        "seed": SEED,
        "probe": PROBE,
        "starts": whole("Starts of the search; 0 of a network that was not harvested."),
        "converged": whole("Starts that ended at a fixed point."),
        "rounds": whole("Rounds of starts."),
        "found": FOUND,
        "slow": SLOW_POINTS,
        "index_sum": INDEX_SUM,
        "certificate": CERTIFICATE,
        "reason": REASON,
        "missing": MISSING,
        "proof_rank": whole(
            "Number of variables, the rank of the recurrent weights, in which a proof that these "
            "are all points was tried; 0: none was."
        ),
        "proof_boxes": whole("Parts of the box of these variables that the proof looked at."),
        "undecided": number(
            "Share of the box that the proof left undecided; 0: proved, NaN: not tried."
        ),
        "missed": whole("Proved points that the search had not found; they are among the points."),
        "refuted": whole(
            "Points that the search had found and that are proved to be none; they are left out."
        ),
        "spread": number(
            "Spread of the visited states: their root mean square distance from their mean, the "
            "unit of lengths in other tables; NaN of a network that was not searched."
        ),
    },
    "stability": {
        "seed": SEED,
        "probe": PROBE,
        "point": POINT,
        "unstable": whole("Modes that grow: |λ| > 1 by more than the tolerance."),
        "class": text(
            "`stable` if all modes decay, `1-saddle`, `2-saddle`, … by the modes that grow, "
            "`marginal` if |λ| of one is 1 within the tolerance."
        ),
        "index": whole("Index: -1 to the number of real eigenvalues above 1."),
        "spectral_radius": number("Largest |λ|."),
        "time_constant": number(
            "-1 / ln |λ| of the leading mode, in updates: negative where it grows, infinite where "
            "|λ| is 1, 0 where λ is 0."
        ),
        "frequency": number("|arg λ| / 2π of the leading mode, in turns per update, from 0 to ½."),
    },
    "modes": {
        "seed": SEED,
        "probe": PROBE,
        "point": POINT,
        "mode": MODE,
        "re": RE,
        "im": IM,
        "right_re": numbers(
            "Real part of the right eigenvector, of length 1 (unit); null but of leading and "
            "unstable modes."
        ),
        "right_im": numbers(
            "Imaginary part of the right eigenvector (unit); null where its real part is."
        ),
        "left_re": numbers(
            "Real part of the left eigenvector l, scaled so that lᴴr = 1 (unit); null where the "
            "right one is, NaN where the eigenvalue is defective."
        ),
        "left_im": numbers(
            "Imaginary part of the left eigenvector (unit); null and NaN where its real part is."
        ),
    },
    "responses": {
        "seed": SEED,
        "probe": PROBE,
        "point": POINT,
        "mode": MODE,
        "re": RE,
        "im": IM,
        "time_constant": number(
            "-1 / ln |λ|, in updates: negative where the mode grows, infinite where |λ| is 1, 0 "
            "where λ is 0."
        ),
        "frequency": number("|arg λ| / 2π, in turns per update, from 0 to ½."),
        "input_alignment": numbers(
            "|cos| of the angle between the left eigenvector and what each input adds to the state "
            "(input); 0 of an input that reaches no unit, NaN where the eigenvalue is defective."
        ),
        "input_gain": numbers(
            "How far an input of size 1 for one update moves the mode (input); NaN where the "
            "eigenvalue is defective."
        ),
        "output_gain": numbers("How much of the mode, of size 1, outputs show (output)."),
    },
    "reduced": {
        "seed": SEED,
        "probe": PROBE,
        "point": POINT,
        "channel": text("Name of the input that has a pulse of one update and size 1."),
        "kept": whole("Number of leading modes that are kept."),
        "error": number(
            "Root mean square difference of the outputs' linearised answer from that of all modes, "
            "relative to the whole answer; NaN where this is 0 or an eigenvalue is defective."
        ),
        "response": numbers(
            "Outputs that the modes kept answer with at the last lag (output); NaN where an "
            "eigenvalue is defective."
        ),
    },
}
