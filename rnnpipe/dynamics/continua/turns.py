"""What is read out along a slow curve: the condition, its drift, and how often it turns."""

import numpy as np


def condition_columns(
    condition: np.ndarray, later: np.ndarray, circular: bool
) -> dict[str, np.ndarray]:
    """Columns of a reported condition at every node, and of its change within one update."""
    drift = signed_angle(later, condition) if circular else later - condition
    return {"condition": condition, "condition_drift": drift}


def signed_angle(after: np.ndarray, before: np.ndarray) -> np.ndarray:
    """The signed angle from `before` to `after`, the shorter way, in [-pi, pi)."""
    return (after - before + np.pi) % (2 * np.pi) - np.pi


def count_turns(angles: np.ndarray, closed: bool) -> float:
    """Count the turns of an angle along a curve; of a torn one only what it covers.

    Parameters
    ----------
    angles
        (node,), radians, so densely sampled that no step is half a turn.
    closed
        Whether the last node is followed by the first: the number is then whole.
    """
    steps = signed_angle(angles[1:], angles[:-1])
    total = steps.sum() + (signed_angle(angles[0], angles[-1]) if closed else 0.0)
    return float(total / (2 * np.pi))
