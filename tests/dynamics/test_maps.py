from dataclasses import replace

import torch

from rnnpipe.dynamics.maps import Driven, Dynamics

LOGISTIC = Dynamics(
    step=lambda h: 3.2 * h * (1 - h),
    jacobian=lambda h: (3.2 * (1 - 2 * h))[..., None],
    units=1,
)


def test_the_iterated_map_is_the_map_applied_again_and_again():
    h = torch.linspace(0, 1, 7, dtype=torch.float64)[:, None]
    assert torch.equal(LOGISTIC.iterated(1).step(h), LOGISTIC.step(h))
    assert torch.equal(LOGISTIC.iterated(3).step(h), LOGISTIC.step(LOGISTIC.step(LOGISTIC.step(h))))


def test_the_jacobian_of_the_iterated_map_is_its_derivative():
    rng = torch.Generator().manual_seed(0)
    w = torch.randn(4, 4, generator=rng, dtype=torch.float64)
    dynamics = Dynamics(
        step=lambda h: torch.tanh(h @ w.mT),
        jacobian=lambda h: (1 - torch.tanh(h @ w.mT) ** 2)[..., None] * w,
        units=4,
    )
    h = torch.randn(3, 4, generator=rng, dtype=torch.float64)
    twice = dynamics.iterated(4)
    for state, jacobian in zip(h, twice.jacobian(h), strict=True):
        expected = torch.autograd.functional.jacobian(lambda s: twice.step(s[None])[0], state)
        torch.testing.assert_close(jacobian, expected, atol=1e-13, rtol=0)


def shift(box, unbounded=""):
    """h' = h + x of one unit."""

    def one(h, x):
        return torch.ones(len(h), 1, 1)

    return Driven(lambda h, x: h + x, one, one, 1, 1, box, unbounded)


def test_a_held_input_is_the_same_for_every_state():
    held = shift(lambda x: (x - 1, x + 1)).held(torch.tensor([2.0]))
    assert held.step(torch.tensor([[0.0], [5.0]])).tolist() == [[2.0], [7.0]]
    assert held.box == (torch.tensor([1.0]), torch.tensor([3.0]))


def test_why_there_is_no_box_is_said_where_there_is_none():
    driven = shift(lambda x: (x - 1, x + 1) if x > 0 else None, "the input is negative")
    assert driven.held(torch.tensor([1.0])).unbounded == ""
    assert driven.held(torch.tensor([-1.0])).unbounded == "the input is negative"


def test_a_map_without_products_multiplies_by_its_jacobian():
    h = torch.tensor([[0.2], [0.7]], dtype=torch.float64)
    directions = torch.tensor([[[1.0], [2.0]], [[3.0], [-1.0]]], dtype=torch.float64)
    assert torch.equal(LOGISTIC.jvp(h, directions), directions * LOGISTIC.jacobian(h))
    thrice = LOGISTIC.iterated(3)
    assert torch.allclose(thrice.jvp(h, directions), directions * thrice.jacobian(h))


def test_the_derivative_at_states_is_computed_once_for_many_products():
    calls = []

    def linear(h):
        calls.append(len(h))
        slope = (3.2 * (1 - 2 * h))[:, None]
        return lambda directions: slope * directions

    dynamics = replace(LOGISTIC, linear=linear)
    h = torch.tensor([[0.2], [0.7]], dtype=torch.float64)
    product = dynamics.linearized(h)
    directions = torch.ones(2, 3, 1, dtype=torch.float64)
    assert torch.equal(product(product(directions)), directions * LOGISTIC.jacobian(h) ** 2)
    assert calls == [2]
