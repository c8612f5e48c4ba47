"""How far rounding can be off: the bounds that every margin of the proof is made of.

Numbers are those of IEEE double precision, rounded to nearest, u = 2⁻⁵³. One
operation is off by at most u of its result, and a sum of n products, in any
order and with or without fused operations, by at most γ(n) = n u / (1 - n u)
times the sum of their absolute values (Higham 2002, Accuracy and Stability of
Numerical Algorithms, section 3.1). Such a bound is itself computed in floating
point; a few more terms in γ cover it. Results below the smallest normal
number lose further digits, which `TINY` covers.

Of φ it is assumed, and tested against many digits, that the value computed is
within `ULPS` units in the last place of the true one, as libraries for
vectors of numbers are (1 to 4 units).
"""

UNIT = 2.0**-53
TINY = 1e-290
ULPS = 8
# φ is off by this share of its value.
OF_PHI = 2 * (ULPS + 1) * UNIT
# A slope, computed from φ as 1 - y², y (1 - y) or 1 - exp(-y), is off by this: an error
# of y grows at most twofold, and two operations on numbers up to 1 follow.
OF_SLOPE = 2 * OF_PHI + (2 * ULPS + 4) * UNIT


def gamma(terms: int) -> float:
    """Relative error γ(n) of a sum of so many products."""
    return terms * UNIT / (1 - terms * UNIT)
