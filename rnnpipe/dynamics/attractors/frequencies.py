"""Lines in the spectrum of a run: the frequencies of which its motion is made."""

import numpy as np

# Principal components whose spectra are taken together.
COMPONENTS = 6
# Strongest lines that are kept, and how strong one is relative to the first.
LINES = 8
FAINT = 1e-6
# A sum or difference of so few multiples of frequencies is none of its own, within this many
# times the resolution of the spectrum.
MULTIPLES = 8
RESOLUTION = 0.02
PARTS = 4
# Multiples of the two frequencies of a torus, and the share of the variance that they may miss.
ORDER = 5
FORETOLD = 0.1
# What two frequencies beat by, up to so many times either, goes round so often in half of a run: of
# a slower beat nobody knows whether it comes back or dies out.
BEATS, BEAT_TURNS = 2, 3.0


def spectral_lines(states: np.ndarray, count: int = LINES) -> np.ndarray:
    """Strongest frequencies of a run, refined as by Laskar (1990, Icarus 88:266).

    Parameters
    ----------
    states
        (time, unit).
    count
        Most lines.

    Returns
    -------
    numpy.ndarray
        (line,), between 0 and 1/2 turns per update, the strongest first.
    """
    scores = components(states)
    length = len(scores)
    window = np.hanning(length + 2)[1:-1, None]
    power = np.square(np.abs(np.fft.rfft(window * scores, n=4 * length, axis=0))).sum(1)
    power[: 4 * 2] = 0  # slower than one turn in half of the run
    padded = np.concatenate([power[1:2], power, power[-2:-1]])
    peaks = np.flatnonzero((padded[1:-1] >= padded[:-2]) & (padded[1:-1] > padded[2:]))
    peaks = peaks[np.argsort(-power[peaks], kind="stable")]
    peaks = peaks[power[peaks] > FAINT * power.max(initial=0.0)][: 4 * count]
    lines: list[float] = []
    for peak in peaks / (4 * length):
        # Side lobes of a line lie within few bins of it.
        if all(abs(peak - line) > 3 / length for line in lines):
            lines.append(_refined(window * scores, peak, 1 / length))
        if len(lines) == count:
            break
    return np.array(lines)


def components(states: np.ndarray, count: int = COMPONENTS) -> np.ndarray:
    """Scores (time, component) of states (time, unit) on their leading principal components."""
    deviations = states - states.mean(0)
    _, vectors = np.linalg.eigh(deviations.T @ deviations)
    return deviations @ vectors[:, ::-1][:, :count]


def _refined(series: np.ndarray, frequency: float, width: float) -> float:
    """The frequency of greatest power near one given, of a windowed series (time, component)."""
    from scipy.optimize import minimize_scalar  # few networks have runs that go on moving

    times = np.arange(len(series)) - len(series) / 2

    def loss(f: float) -> float:
        return -float(np.square(np.abs(np.exp(-2j * np.pi * f * times) @ series)).sum())

    bounds = (max(0.0, frequency - width), min(0.5, frequency + width))
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-12})
    return float(found.x)


def folded(frequencies: np.ndarray) -> np.ndarray:
    """Frequencies as they show in samples once per update: between 0 and 1/2."""
    rest = np.mod(frequencies, 1.0)
    return np.minimum(rest, 1 - rest)


def independent(lines: np.ndarray, length: int) -> np.ndarray:
    """The two strongest lines (line,) that are no sums of multiples of one another's parts.

    Parameters
    ----------
    lines
        (line,), the strongest first.
    length
        Updates over which they were taken.

    Returns
    -------
    numpy.ndarray
        (frequency,), two at most.
    """
    multiples = np.arange(-MULTIPLES, MULTIPLES + 1)
    tolerance = RESOLUTION * MULTIPLES / length
    for line in lines[1:]:
        gaps = folded(multiples[:, None] * lines[0] - np.arange(1, PARTS + 1) * line)
        if gaps.min() > tolerance:
            return np.array([lines[0], line])
    return lines[:1]


def slowest_beat(one: float, other: float) -> float:
    """The lowest frequency at which small multiples of two frequencies go out of step."""
    multiples = np.arange(-BEATS, BEATS + 1)
    return float(folded(multiples[:, None] * one - np.arange(1, BEATS + 1) * other).min())


def quasiperiodic(states: np.ndarray) -> np.ndarray | None:
    """The two frequencies of a run on a torus, or None if it is on none.

    Of a run on a torus, sums of multiples of two frequencies that fit the first half of its
    states foretell the second half; of a chaotic one they do not.

    Parameters
    ----------
    states
        (time, unit), consecutive.

    Returns
    -------
    numpy.ndarray or None
        (2,), turns per update, the stronger line first.
    """
    length = len(states)
    both = independent(spectral_lines(states, 2 * LINES), length)
    if len(both) < 2 or slowest_beat(*both) * length / 2 < BEAT_TURNS:
        return None
    multiples = np.arange(-ORDER, ORDER + 1)
    sums = (both[0] * multiples[:, None] + both[1] * multiples).ravel()
    sums = sums[len(sums) // 2 + 1 :]  # the others are their negatives
    angles = 2 * np.pi * np.outer(np.arange(length), sums)
    terms = np.concatenate([np.ones((length, 1)), np.cos(angles), np.sin(angles)], axis=1)
    scores, half = components(states), length // 2
    fitted = np.linalg.lstsq(terms[:half], scores[:half], rcond=1e-8)[0]
    missed = np.square(terms[half:] @ fitted - scores[half:]).sum()
    known = np.square(scores[half:] - scores[half:].mean(0)).sum()
    return both if missed <= FORETOLD * known else None
