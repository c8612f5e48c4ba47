"""Rates counted in simulated populations, and bounds on them that allow for their own error."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

# A rate breaks its bound if a true rate at the bound would give such a count less often.
ALLOWED = 0.005


@dataclass(frozen=True)
class Bounds:
    """What a rate must lie between; the limits themselves are allowed."""

    low: float = 0.0
    high: float = 1.0

    def __str__(self) -> str:
        if self.low <= 0:
            return f"at most {self.high:g}" if self.high < 1 else ""
        return f"at least {self.low:g}" if self.high >= 1 else f"{self.low:g} to {self.high:g}"

    def broken_by(self, rate: "Rate") -> bool:
        """Whether a count cannot be had from any true rate within the bounds."""
        count, of = rate.count, rate.of
        if not of:
            return False
        too_low = self.low > 0 and binomtest(count, of, self.low, "less").pvalue < ALLOWED
        too_high = self.high < 1 and binomtest(count, of, self.high, "greater").pvalue < ALLOWED
        return bool(too_low or too_high)


@dataclass(frozen=True)
class Rate:
    """In how many populations something was found, of how many in which it was looked for."""

    count: int
    of: int

    @classmethod
    def among(cls, found: np.ndarray) -> "Rate":
        """Count the true entries of (population,) bool."""
        return cls(int(np.sum(found)), len(found))

    @property
    def value(self) -> float:
        return self.count / self.of if self.of else float("nan")


SIZE = Bounds(0.02, 0.07)
# With two or three networks a group no permutation may be rare enough.
SMALL_SIZE = Bounds(high=0.07)
FALSE = Bounds(high=0.05)
COVERAGE = Bounds(0.92)
COVERAGE_OF_EFFECT = Bounds(0.92, 0.98)
ANY = Bounds()
