"""Tables of blocks on the loadings of networks of low rank: the numbers that each unit has."""

from collections.abc import Mapping

from rnnpipe.tables.schemas.columns import Columns, flag, number, numbers, text, whole
from rnnpipe.tables.schemas.shared import SEED

_POPULATIONS = whole("Number of Gaussian populations of the mixture.")
_VECTOR = (
    "`m0`, `m1` and so on, `n0`, `input0`, `output0`, `bias` or `initial_state`, as in the table "
    "`loadings`."
)

LOADINGS: Mapping[str, Columns] = {
    "loadings": {
        "seed": SEED,
        "unit": whole("Number of the unit, from 0."),
        "population": whole(
            "The likeliest population of the unit, from 0, in the best mixture of the table "
            "`mixtures`."
        ),
        "m": numbers(
            "Its entries of m (direction) in W = m nᵀ / N, by the singular value decomposition: "
            "columns are orthogonal, with a mean square of 1 over units."
        ),
        "n": numbers("Its entries of n (direction), of which the columns are orthogonal too."),
        "input": numbers("Its input weights (input)."),
        "output": numbers("Its output weights (output), times the number of units N."),
        "bias": number("Its bias."),
        "initial_state": number("Its state before the first step."),
    },
    "overlaps": {
        "seed": SEED,
        "first": text(f"A vector of loadings: {_VECTOR}"),
        "second": text("Another vector, or the same."),
        "overlap": number("Mean over units of the product of the two."),
        "covariance": number("Covariance of the two over units."),
        "correlation": number("Correlation of the two; NaN where one does not vary."),
    },
    "mixtures": {
        "seed": SEED,
        "populations": _POPULATIONS,
        "bic": number(
            "Bayesian information criterion, of whitened loadings: only differences between "
            "numbers of populations mean anything, and the least is best."
        ),
        "best": flag("Whether it has the least criterion of the network's mixtures."),
        "vectors": text("Names of the vectors, in the order of the covariances, with spaces."),
        "shares": numbers("Shares of the units (population), descending."),
        "means": numbers("Means (population), each of all vectors."),
        "covariances": numbers(
            "Covariances (population), each of all pairs of vectors, row by row."
        ),
    },
    "resampled": {
        "seed": SEED,
        "populations": _POPULATIONS,
        "times": whole("How many times as many units it has as the network that was fitted."),
        "draw": whole("Number of the drawn network, from 0."),
        "units": whole("Number of its units."),
        "score": number(
            "Its score on trials of the task, without any training; NaN if outputs are not finite."
        ),
    },
}
