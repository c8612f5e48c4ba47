"""The response of a network, linearised at a fixed point, to its inputs, mode by mode.

With h = h* + d, d' = J d + B x and outputs C d; modes J r = λ r, l^H J = λ l^H,
l^H r = 1. What an input pulse leaves in the outputs t steps later is
C J^t B = Σ (C r) λ^t (l^H B), a term for every mode: left eigenvectors select
what of the input enters (Mante et al. 2013, Nature 503:78), right ones what is
seen of it. Maheswaranathan et al. 2019 (NeurIPS 32), section 3.3 and figure 4.
"""

from dataclasses import dataclass

import numpy as np

from rnnpipe.dynamics.stability import frequencies, time_constants


@dataclass(frozen=True)
class LinearResponse:
    """The linear response at one fixed point.

    Attributes
    ----------
    eigenvalues
        (mode,), by falling modulus.
    input_alignment, input_gain
        (mode, input), from `input_alignments` and `input_gains`.
    output_gain
        (mode, output), from `output_gains`.
    answers
        (kept, lag, output, input), from `responses`.
    errors
        (kept, input), from `reduction_errors`.
    """

    eigenvalues: np.ndarray
    input_alignment: np.ndarray
    input_gain: np.ndarray
    output_gain: np.ndarray
    answers: np.ndarray
    errors: np.ndarray

    def mode_columns(self, most: int) -> dict[str, np.ndarray]:
        """Columns of one row per leading mode, at most `most` rows."""
        leading = self.eigenvalues[:most]
        return {
            "mode": np.arange(len(leading)),
            "re": leading.real,
            "im": leading.imag,
            "time_constant": time_constants(leading),
            "frequency": frequencies(leading),
            "input_alignment": self.input_alignment[:most],
            "input_gain": self.input_gain[:most],
            "output_gain": self.output_gain[:most],
        }

    def reduced_columns(self, channel: int, most: int) -> dict[str, np.ndarray]:
        """Columns of one row per number of modes kept, at most `most`, for one input channel."""
        errors = self.errors[:most, channel]
        return {
            "kept": np.arange(len(errors)) + 1,
            "error": errors,
            "response": self.answers[:most, -1, :, channel],
        }


def linear_response(
    eigenvalues: np.ndarray,
    right: np.ndarray,
    left: np.ndarray,
    inputs: np.ndarray,
    outputs: np.ndarray,
    lags: int,
) -> LinearResponse:
    """Compute the linear response at one fixed point; arguments as for `responses`."""
    answers = responses(eigenvalues, right, left, inputs, outputs, lags)
    return LinearResponse(
        eigenvalues=eigenvalues,
        input_alignment=input_alignments(left, inputs),
        input_gain=input_gains(left, inputs),
        output_gain=output_gains(right, outputs),
        answers=answers,
        errors=reduction_errors(answers),
    )


def input_gains(left: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """|l^H B| of every mode and input channel, (mode, input).

    Parameters
    ----------
    left
        (mode, unit), complex.
    inputs
        (unit, input), B = dF_i/dx_j.
    """
    return np.abs(left.conj() @ inputs)


def input_alignments(left: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """|l^H B_c| / (|l| |B_c|) of every mode and channel, (mode, input), in [0, 1].

    0 for a channel that reaches no unit.
    """
    lengths = np.linalg.norm(left, axis=1)[:, None] * np.linalg.norm(inputs, axis=0)
    gains = input_gains(left, inputs)
    return np.divide(gains, lengths, out=np.zeros_like(gains), where=lengths > 0)


def output_gains(right: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """|C r| of every mode and output, (mode, output); `outputs` is C, (output, unit)."""
    return np.abs(right @ outputs.T)


def responses(
    eigenvalues: np.ndarray,
    right: np.ndarray,
    left: np.ndarray,
    inputs: np.ndarray,
    outputs: np.ndarray,
    lags: int,
) -> np.ndarray:
    """Outputs after a pulse of one step and unit size, by the number of leading modes kept.

    Parameters
    ----------
    eigenvalues, right, left
        (mode,), (mode, unit), (mode, unit): by falling modulus, l^H r = 1.
    inputs, outputs
        B (unit, input) and C (output, unit).
    lags
        Number of steps after the pulse: t = 0 (the step that the pulse enters) to lags - 1.

    Returns
    -------
    (kept, lag, output, input): entry k - 1 with the k leading modes, the last one the whole
    answer C J^t B. Of a complex pair, one half alone counts by its real part.
    """
    powers = eigenvalues[:, None] ** np.arange(lags)
    seen, entered = right @ outputs.T, left.conj() @ inputs
    terms = np.einsum("ml,mo,mi->mloi", powers, seen, entered)
    return np.cumsum(terms.real, axis=0)


def reduction_errors(answers: np.ndarray) -> np.ndarray:
    """Relative error of the answers of the k leading modes, (kept, input).

    The root of the mean square difference over lags and outputs, relative to
    that of the whole answer; NaN where the whole answer is 0.

    Parameters
    ----------
    answers
        (kept, lag, output, input), from `responses`.
    """
    whole = np.sqrt(np.square(answers[-1]).mean((0, 1)))
    difference = np.sqrt(np.square(answers - answers[-1]).mean((1, 2)))
    return np.divide(difference, whole, out=np.full_like(difference, np.nan), where=whole > 0)
