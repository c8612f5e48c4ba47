import pytest
import torch
from torch import nn

from rnnpipe.library.maps import driven_by

W = torch.randn(4, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
H = torch.randn(5, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
X = torch.randn(5, 2, generator=torch.Generator().manual_seed(2), dtype=torch.float64)


def plain(h, x):
    return torch.tanh(h @ W.mT) + x[:, :1]


def in_place(h, x):
    h.mul_(2).tanh_()
    return h @ W.mT + x[:, :1]


def branching(h, x):
    """vmap can not look at values."""
    return torch.stack([torch.tanh(W @ s) if s.sum() > 0 else 0.5 * W @ s for s in h]) + x[:, :1]


@pytest.mark.parametrize("step", [plain, in_place, branching])
def test_jacobians_are_those_of_central_differences(step):
    driven = driven_by(step, H, X)
    before = H.clone()
    jacobian, by_input = driven.jacobian(H, X), driven.input_jacobian(H, X)
    assert torch.equal(H, before)
    assert not jacobian.requires_grad
    e = 1e-6
    for j in range(4):
        shift = e * torch.eye(4, dtype=torch.float64)[j]
        expected = (driven.step(H + shift, X) - driven.step(H - shift, X)) / (2 * e)
        torch.testing.assert_close(jacobian[:, :, j], expected, atol=1e-8, rtol=0)
    for j in range(2):
        shift = e * torch.eye(2, dtype=torch.float64)[j]
        expected = (driven.step(H, X + shift) - driven.step(H, X - shift)) / (2 * e)
        torch.testing.assert_close(by_input[:, :, j], expected, atol=1e-8, rtol=0)


def test_a_step_without_input_has_none():
    driven = driven_by(lambda h: torch.tanh(h @ W.mT), H, None)
    assert driven.inputs == 0
    assert driven.jacobian(H, torch.empty(5, 0)).shape == (5, 4, 4)
    assert driven.input_jacobian(H, torch.empty(5, 0)).shape == (5, 4, 0)


@pytest.mark.parametrize(
    ("step", "error", "message"),
    [
        (lambda h: h.numpy(), TypeError, "must return a tensor of states, not ndarray"),
        (lambda h: (h, h), TypeError, "not tuple"),
        (lambda h: h[:, :2], ValueError, r"shape \(3, 4\), not \(3, 2\)"),
        (lambda h: h.float(), ValueError, "float64 for float64 states, not torch.float32"),
        (lambda h: h - h.mean(0), ValueError, "mixes the states of a batch"),
        (nn.Linear(4, 4), ValueError, r"copy.deepcopy\(module\).double\(\)"),
        (lambda h: h.detach() * 2, ValueError, "cannot be differentiated"),
    ],
)
def test_a_step_that_cannot_be_used_is_refused_with_the_reason(step, error, message):
    with pytest.raises(error, match=message):
        driven_by(step, H, None)
