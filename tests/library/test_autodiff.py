import warnings

import pytest
import torch
from torch import nn

from rnnpipe.library.autodiff import driven_by

W = torch.randn(4, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
H = torch.randn(5, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
X = torch.randn(5, 2, generator=torch.Generator().manual_seed(2), dtype=torch.float64)

DROPOUT = nn.Dropout(0.01)


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


@pytest.mark.parametrize("step", [plain, in_place, branching])
def test_products_are_those_with_the_jacobian(step):
    driven = driven_by(step, H, X)
    assert driven.linear is not None
    directions = torch.stack([X @ W[:2], H.roll(1, 0), W[:1].expand(5, -1)], dim=1)
    expected = directions @ driven.jacobian(H, X).mT
    with torch.no_grad():
        products = driven.jvp(H, X, directions)
    assert not products.requires_grad
    torch.testing.assert_close(products, expected, atol=1e-12, rtol=0)


@pytest.mark.filterwarnings("error::DeprecationWarning")
def test_products_do_not_depend_on_what_torch_says_of_itself(monkeypatch):
    """The first products of a process compile formulas by what torch has deprecated."""
    jvp = torch.func.jvp

    def first(*args):
        warnings.warn("`torch.jit.script` is deprecated.", DeprecationWarning, stacklevel=2)
        return jvp(*args)

    monkeypatch.setattr(torch.func, "jvp", first)
    assert driven_by(plain, H, X).linear is not None


class Backward(torch.autograd.Function):
    """tanh with a derivative against directions alone."""

    @staticmethod
    def forward(ctx, z):
        ctx.save_for_backward(y := torch.tanh(z))
        return y

    @staticmethod
    def backward(ctx, by_y):
        (y,) = ctx.saved_tensors
        return by_y * (1 - y**2)


def test_steps_without_a_derivative_along_directions_multiply_by_the_jacobian():
    driven = driven_by(lambda h, x: Backward.apply(h @ W.mT) + x[:, :1], H, X)
    assert driven.linear is None
    directions = torch.stack([H, H.roll(1, 0)], dim=1)
    expected = driven_by(plain, H, X).jvp(H, X, directions)
    torch.testing.assert_close(driven.jvp(H, X, directions), expected, atol=1e-12, rtol=0)


def test_a_step_without_input_has_none():
    driven = driven_by(lambda h: torch.tanh(h @ W.mT), H, None)
    assert driven.inputs == 0
    assert driven.jacobian(H, torch.empty(5, 0)).shape == (5, 4, 4)
    assert driven.input_jacobian(H, torch.empty(5, 0)).shape == (5, 4, 0)


def test_a_step_may_leave_its_input_alone():
    driven = driven_by(lambda h, x: torch.tanh(h @ W.mT), H, X)
    assert torch.equal(driven.input_jacobian(H, X), torch.zeros(5, 4, 2, dtype=H.dtype))
    with pytest.raises(ValueError, match="cannot be differentiated"):
        driven_by(lambda h, x: torch.tanh(h @ W.mT).detach() + x[:, :1], H, X)
    with pytest.raises(ValueError, match="cannot be differentiated"):
        driven_by(lambda h, x: torch.tanh(h @ W.mT) + x[:, :1].detach(), H, X)


@pytest.mark.parametrize(
    ("step", "error", "message"),
    [
        (lambda h: h.numpy(), TypeError, "must return a tensor of states, not ndarray"),
        (lambda h: (h, h, h), TypeError, "not tuple of 3"),
        (lambda h: (h, None), TypeError, "the second of a pair is the state, .* not NoneType"),
        (lambda h: (h, torch.tanh(h)), ValueError, "two tensors that may both be the state"),
        (lambda h: (h[:, :2], h[:, :2]), ValueError, "same tensor twice, each half a state"),
        (lambda h: h[:, :2], ValueError, r"shape \(3, 4\), not \(3, 2\)"),
        (lambda h: h.float(), ValueError, "float64 for float64 states, not torch.float32"),
        (lambda h: h - h.mean(0), ValueError, "mixes the states of a batch"),
        (nn.Linear(4, 4), ValueError, r"copy.deepcopy\(module\).double\(\)"),
        (lambda h: h + 1e-9 * torch.randn(4, dtype=h.dtype), ValueError, "the step is random"),
        (DROPOUT, ValueError, r"the step is random: .*module.eval\(\)"),
        (nn.BatchNorm1d(4).double(), ValueError, "fails on one state by itself"),
        (lambda h: h.detach() * 2, ValueError, "cannot be differentiated"),
    ],
)
def test_a_step_that_cannot_be_used_is_refused_with_the_reason(step, error, message):
    with pytest.raises(error, match=message):
        driven_by(step, H, None)


GRU = nn.GRU(2, 4, dtype=torch.float64)
LSTM = nn.LSTMCell(2, 2, dtype=torch.float64)


def by_layer(h, x):
    return GRU(x[None], h[None])


def by_pair(h, x):
    return LSTM(x, tuple(h.chunk(2, -1)))


def by_nested_pair(h, x):
    after = by_pair(h, x)
    return after[0], after


@pytest.mark.parametrize(
    ("step", "state"),
    [
        (by_layer, lambda h, x: by_layer(h, x)[1][0]),
        (by_pair, lambda h, x: torch.cat(by_pair(h, x), dim=-1)),
        (by_nested_pair, lambda h, x: torch.cat(by_pair(h, x), dim=-1)),
        (lambda h, x: (x, plain(h, x)), plain),
        (lambda h, x: plain(h, x)[None], plain),
    ],
)
def test_the_state_is_found_in_what_torch_returns(step, state):
    driven, known = driven_by(step, H, X), driven_by(state, H, X)
    torch.testing.assert_close(driven.step(H, X), known.step(H, X), rtol=0, atol=0)
    torch.testing.assert_close(driven.jacobian(H, X), known.jacobian(H, X), rtol=0, atol=1e-12)
