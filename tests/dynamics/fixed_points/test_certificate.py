import numpy as np
import pytest

from rnnpipe.dynamics.fixed_points.certificate import certify, estimated_missing


@pytest.mark.parametrize(
    ("index", "verdict"),
    [([1, -1, 1], "consistent"), ([1, 1], "incomplete"), ([1, -1], "incomplete")],
)
def test_verdict_follows_the_sum(index, verdict):
    certificate = certify(np.array(index), np.full(len(index), 0.5))
    assert certificate.verdict == verdict
    assert certificate.index_sum == sum(index)


def test_no_points_at_all_is_incomplete():
    assert certify(np.empty(0, dtype=int), np.empty(0)).verdict == "incomplete"


def test_degenerate_points_leave_the_certificate_silent():
    certificate = certify(np.array([1, 1]), np.array([0.5, 1e-8]))
    assert certificate.verdict == "not applicable"
    assert "1 of 2 points" in certificate.reason


def test_without_a_box_the_reason_is_passed_on():
    certificate = certify(np.array([1]), np.array([0.5]), "relu is unbounded")
    assert (certificate.verdict, certificate.reason) == ("not applicable", "relu is unbounded")


def test_estimated_missing():
    assert estimated_missing(np.array([5, 9])) == 0
    assert estimated_missing(np.array([1, 1, 1, 2, 2, 7])) == 3 * 2 / (2 * 3)
    # Points found otherwise are among those that the starts drawn have missed.
    assert estimated_missing(np.array([0, 1, 1, 1, 1, 7])) == 4 * 3 / 2 - 1
    assert estimated_missing(np.array([0, 0, 5])) == 0
