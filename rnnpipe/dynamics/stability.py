"""Linear stability of fixed points of a map: modes, classes, time constants."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eig

from rnnpipe.dynamics.classes import MARGINAL, class_labels, growing


@dataclass(frozen=True)
class Stability:
    """Modes of every fixed point, by falling modulus of their eigenvalues.

    Attributes
    ----------
    eigenvalues
        (point, mode), complex.
    right
        (point, mode, unit): J r = lambda r, of unit norm, its largest
        component real and positive.
    left
        (point, mode, unit): l^H J = lambda l^H, scaled so that l^H r = 1; NaN
        where the eigenvalue is defective and l^H r vanishes.
    unstable
        (point,), modes with |lambda| > 1 + tolerance.
    labels
        (point,): ``stable``, ``1-saddle``, ``2-saddle``, ..., or ``marginal``; see
        `rnnpipe.dynamics.classes`.
    index
        (point,), (-1) to the number of real eigenvalues above 1.
    spectral_radius
        (point,), the leading |lambda|.
    time_constant
        (point,), -1 / ln |lambda| of the leading mode, in updates: negative
        where it grows, infinite for |lambda| = 1, 0 for lambda = 0.
    frequency
        (point,), |arg lambda| / 2 pi of the leading mode, in turns per update:
        0 for a positive eigenvalue and for 0, 1/2 for a negative one.
    """

    eigenvalues: np.ndarray
    right: np.ndarray
    left: np.ndarray
    unstable: np.ndarray
    labels: np.ndarray
    index: np.ndarray
    spectral_radius: np.ndarray
    time_constant: np.ndarray
    frequency: np.ndarray

    def point_columns(self) -> dict[str, np.ndarray]:
        """Columns of one row per point."""
        return {
            "unstable": self.unstable,
            "class": self.labels,
            "index": self.index,
            "spectral_radius": self.spectral_radius,
            "time_constant": self.time_constant,
            "frequency": self.frequency,
        }

    def mode_columns(self, numbers: np.ndarray, vectors: int) -> dict[str, np.ndarray]:
        """Columns of one row per mode, with eigenvectors of some modes and None for the others.

        Parameters
        ----------
        numbers
            (point,), numbers of the points.
        vectors
            Leading modes of which eigenvectors are kept; those of unstable modes always are.
        """
        points, modes = self.eigenvalues.shape
        kept = (np.arange(modes) < vectors) | growing(self.eigenvalues, tolerance=0.0)
        columns = {
            "point": np.repeat(numbers, modes),
            "mode": np.tile(np.arange(modes), points),
            "re": self.eigenvalues.real.ravel(),
            "im": self.eigenvalues.imag.ravel(),
        }
        for side, values in (("right", self.right), ("left", self.left)):
            for part in ("re", "im"):
                column = np.full(points * modes, None, dtype=object)
                chosen = (values.real if part == "re" else values.imag)[kept]
                for row, vector in zip(np.flatnonzero(kept), chosen, strict=True):
                    column[row] = vector
                columns[f"{side}_{part}"] = column
        return columns


def analyse(jacobians: np.ndarray, tolerance: float = MARGINAL) -> Stability:
    """Compute modes and classes of fixed points from their Jacobians.

    Sussillo & Barak (2013, section 2); left eigenvectors, which select what
    moves the state along a mode, as in Maheswaranathan et al. (2019).

    Parameters
    ----------
    jacobians
        (point, unit, unit), dF_i/dh_j.
    tolerance
        |lambda| within this of 1 is marginal.

    Returns
    -------
    Stability

    Raises
    ------
    ValueError
        If ``jacobians`` has another shape or is not finite.
    """
    if jacobians.ndim != 3 or jacobians.shape[1] != jacobians.shape[2]:
        raise ValueError(f"jacobians must have shape (point, unit, unit), not {jacobians.shape}")
    bad = np.flatnonzero(~np.isfinite(jacobians).all((1, 2)))
    if len(bad):
        raise ValueError(f"jacobians must be finite; that of point {bad[0]} is not")
    points, units = jacobians.shape[:2]
    eigenvalues = np.empty((points, units), dtype=np.complex128)
    right = np.empty((points, units, units), dtype=np.complex128)
    left = np.empty_like(right)
    for point, jacobian in enumerate(jacobians):
        eigenvalues[point], right[point], left[point] = modes(jacobian)
    modulus = np.abs(eigenvalues)
    real_above_one = ((eigenvalues.imag == 0) & (eigenvalues.real > 1)).sum(1)
    leading = eigenvalues[:, 0]
    return Stability(
        eigenvalues=eigenvalues,
        right=right,
        left=left,
        unstable=growing(eigenvalues, tolerance).sum(1),
        labels=class_labels(eigenvalues, tolerance),
        index=1 - 2 * (real_above_one % 2),
        spectral_radius=modulus[:, 0],
        time_constant=time_constants(leading),
        frequency=frequencies(leading),
    )


def modes(jacobian: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Eigenvalues (mode,) and right and left eigenvectors (mode, unit) of one Jacobian.

    Sorted by falling |lambda|; of equal ones the positive imaginary part comes
    first, then the larger real part.
    """
    eigenvalues, left, right = eig(jacobian, left=True, right=True)
    order = np.lexsort((-eigenvalues.real, -eigenvalues.imag, -np.abs(eigenvalues)))
    eigenvalues, left, right = eigenvalues[order], left.T[order], right.T[order]
    right = right / np.linalg.norm(right, axis=1, keepdims=True)
    largest = np.take_along_axis(right, np.abs(right).argmax(1)[:, None], axis=1)
    right = right * (np.abs(largest) / largest)
    overlap = (left.conj() * right).sum(1)
    overlap[np.abs(overlap) < np.finfo(np.float64).eps] = np.nan
    return eigenvalues, right, left / overlap.conj()[:, None]


def time_constants(eigenvalues: np.ndarray) -> np.ndarray:
    """-1 / ln |lambda|, in updates; infinite for |lambda| = 1, negative above, 0 at 0."""
    with np.errstate(divide="ignore"):
        rates = -np.log(np.abs(eigenvalues))
        return np.where(rates == 0, np.inf, 1 / rates)


def frequencies(eigenvalues: np.ndarray) -> np.ndarray:
    """|arg lambda| / 2 pi, in cycles per update, from 0 to 1/2."""
    return np.abs(np.angle(eigenvalues)) / (2 * np.pi)
