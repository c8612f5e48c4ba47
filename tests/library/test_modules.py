import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize

import rnnpipe
from rnnpipe.library.maps import as_driven
from rnnpipe.library.modules import driven_module, is_recurrent

MODULES = [
    nn.RNN(3, 6),
    nn.RNN(3, 6, nonlinearity="relu", bias=False),
    nn.GRU(3, 6, batch_first=True),
    nn.LSTM(3, 6),
    nn.RNNCell(3, 6),
    nn.GRUCell(3, 6, bias=False),
    nn.LSTMCell(3, 6),
]


def torch_step(module, h, x):
    """One update by the module itself, of states (batch, state) under inputs (batch, input)."""
    pair = isinstance(module, nn.LSTM | nn.LSTMCell)
    state = tuple(h.chunk(2, -1)) if pair else h
    if isinstance(module, nn.RNNCell | nn.GRUCell | nn.LSTMCell):
        after = module(x, state)
    else:
        layered = tuple(s[None].contiguous() for s in state) if pair else state[None]
        sequence = x[:, None] if module.batch_first else x[None]
        _, after = module(sequence, layered)
        after = tuple(s[0] for s in after) if pair else after[0]
    return torch.cat(after, dim=-1) if pair else after


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_the_map_is_the_module_to_the_last_digits(module):
    module = copy.deepcopy(module).double()
    driven = driven_module(module)
    rng = torch.Generator().manual_seed(0)
    h = torch.randn(4, driven.units, generator=rng, dtype=torch.float64)
    x = torch.randn(4, driven.inputs, generator=rng, dtype=torch.float64)
    with torch.no_grad():
        torch.testing.assert_close(driven.step(h, x), torch_step(module, h, x), atol=1e-14, rtol=0)
    for i in range(4):
        expected = torch.autograd.functional.jacobian(
            lambda s, i=i: torch_step(module, s[None], x[i : i + 1])[0], h[i]
        )
        torch.testing.assert_close(driven.jacobian(h, x)[i], expected, atol=1e-12, rtol=0)


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (nn.GRU(3, 6, num_layers=2), "GRU has num_layers = 2; only num_layers = 1"),
        (nn.LSTM(3, 6, bidirectional=True), "bidirectional = True"),
        (nn.LSTM(3, 6, proj_size=2), "proj_size = 2"),
    ],
)
def test_modules_that_are_no_map_of_one_state_are_refused(module, message):
    with pytest.raises(ValueError, match=message):
        driven_module(module)


def test_other_modules_are_not_taken_for_recurrent_ones():
    assert not is_recurrent(nn.Linear(3, 3)) and not is_recurrent(len)
    assert all(is_recurrent(module) for module in MODULES)


NO_BOX = "no box is known that the step maps into itself"


class LeakyRNNCell(nn.RNNCell):
    """h' = 0.8 h + 0.2 tanh(W h + ...): its map is not its parent's."""

    def forward(self, x, h=None):
        return 0.8 * h + 0.2 * super().forward(x, h)


class LeakyGRU(nn.GRU):
    def forward(self, x, h=None):
        _, after = super().forward(x, h)
        mixed = 0.5 * h + 0.5 * after
        return mixed.tanh(), mixed


class LeakyLSTMCell(nn.LSTMCell):
    def forward(self, x, state=None):
        h, c = super().forward(x, state)
        return 0.5 * state[0] + 0.5 * h, c


class Named(nn.GRUCell):
    """Only a name of its own: computes what its parent does."""

    def describe(self):
        return "a GRU"


def compare_with_the_module(module):
    """The map found, after its update and Jacobian have been compared with the module's own."""
    driven = driven_module(module)
    exact = copy.deepcopy(module).double()
    rng = torch.Generator().manual_seed(0)
    h = torch.randn(4, driven.units, generator=rng, dtype=torch.float64)
    x = torch.randn(4, driven.inputs, generator=rng, dtype=torch.float64)
    with torch.no_grad():
        expected = torch_step(exact, h, x)
        torch.testing.assert_close(driven.step(h, x), expected, atol=1e-12, rtol=0)
    for argument, found in enumerate((driven.jacobian(h, x), driven.input_jacobian(h, x))):
        by_torch = torch.autograd.functional.jacobian(lambda *a: torch_step(exact, *a), (h, x))
        own = by_torch[argument][range(4), :, range(4)]
        torch.testing.assert_close(found, own, atol=1e-12, rtol=0)
    return driven


@pytest.mark.parametrize("kind", [LeakyRNNCell, LeakyGRU, LeakyLSTMCell])
def test_a_forward_of_its_own_is_what_is_analysed(kind):
    assert compare_with_the_module(kind(3, 6)).unbounded == NO_BOX


def test_a_subclass_without_a_forward_of_its_own_keeps_the_closed_form():
    assert compare_with_the_module(Named(3, 6)).unbounded == ""


def test_hooks_are_part_of_what_is_computed():
    module = nn.GRU(3, 6)
    module.register_forward_hook(lambda module, inputs, result: (result[0], 0.5 * result[1]))
    assert compare_with_the_module(module).unbounded == NO_BOX


def test_the_points_of_a_leaky_subclass_are_those_of_its_own_map():
    """It shares the fixed points of its parent, whose Jacobian J is 0.2 J + 0.8 there."""
    torch.manual_seed(0)
    module, parent = LeakyRNNCell(2, 6), nn.RNNCell(2, 6)
    with torch.no_grad():
        module.weight_hh.mul_(5)
    parent.load_state_dict(module.state_dict())
    states = np.random.default_rng(0).uniform(-1, 1, (200, 6))
    options = {"inputs": [0.3, -0.2], "mixtures": 32, "box": 32}
    found = rnnpipe.find_fixed_points(module, states, **options).fixed()
    plain = rnnpipe.find_fixed_points(parent, states, **options).fixed()
    assert len(found) == len(plain) > 1
    nearest = np.linalg.norm(found.states[:, None] - plain.states, axis=-1).argmin(1)
    assert np.abs(found.states - plain.states[nearest]).max() < 1e-8
    leaky = 0.2 * plain.jacobians[nearest] + 0.8 * np.eye(6)
    np.testing.assert_allclose(found.jacobians, leaky, atol=1e-8)
    assert (found.unstable != plain.unstable[nearest]).any()


class Dale(nn.Module):
    """Columns of one sign: two of three units excite."""

    def __init__(self, units):
        super().__init__()
        self.register_buffer("sign", torch.where(torch.arange(units) % 3 < 2, 1.0, -1.0))

    def forward(self, weight):
        return weight.abs() * self.sign


def with_dale(module, name):
    parametrize.register_parametrization(module, name, Dale(6))
    with torch.no_grad():
        getattr(module.parametrizations, name).original.mul_(3)
    return module


@pytest.mark.parametrize(
    ("kind", "name"), [(nn.RNNCell, "weight_hh"), (nn.RNN, "weight_hh_l0")], ids=["cell", "layer"]
)
def test_a_network_with_dales_law_is_the_plain_one_of_its_effective_weights(kind, name):
    torch.manual_seed(1)
    module, plain = with_dale(kind(3, 6), name), kind(3, 6)
    with torch.no_grad():
        for key, _ in plain.named_parameters():
            getattr(plain, key).copy_(getattr(module, key))
    states = np.random.default_rng(0).uniform(-1, 1, (200, 6))
    options = {"mixtures": 32, "box": 32}
    found = rnnpipe.find_fixed_points(module, states, **options)
    assert np.array_equal(found.states, rnnpipe.find_fixed_points(plain, states, **options).states)
    assert found.searches["certificate"].tolist() == ["consistent"]
    assert torch.equal(getattr(plain, name).detach().sum(0).sign(), Dale(6).sign)

    exact = copy.deepcopy(plain).double()
    by_autodiff = rnnpipe.find_fixed_points(
        lambda h: torch_step(exact, h, h.new_zeros(len(h), 3)), states, **options
    )
    assert len(by_autodiff.fixed()) == len(found.fixed())
    nearest = np.linalg.norm(found.fixed().states[:, None] - by_autodiff.fixed().states, axis=-1)
    assert nearest.min(1).max() < 1e-8


NORMS = [
    nn.utils.parametrizations.weight_norm,
    nn.utils.parametrizations.spectral_norm,
    nn.utils.parametrizations.orthogonal,
    nn.utils.spectral_norm,
    pytest.param(
        nn.utils.weight_norm, marks=pytest.mark.filterwarnings("ignore:.*weight_norm.*deprecated")
    ),
]


@pytest.mark.parametrize("norm", NORMS, ids=lambda norm: f"{norm.__module__}.{norm.__name__}")
def test_norms_of_weights_are_applied_and_left_as_they_are(norm):
    module = norm(nn.GRUCell(3, 6), "weight_hh")
    module(torch.ones(2, 3))  # as after a training, with what norms leave behind
    before = {key: value.clone() for key, value in module.state_dict().items()}
    driven = driven_module(module)
    assert driven.unbounded == "" and module.training
    assert all(torch.equal(value, before[key]) for key, value in module.state_dict().items())
    h, x = torch.ones(1, 6), torch.ones(1, 3)
    torch.testing.assert_close(
        driven.step(h.double(), x.double()).float(), module.eval()(x, h), atol=1e-6, rtol=0
    )


def compiled_in_place(module):
    module.compile(backend="eager")
    return module


WRAPPERS = [
    lambda module: torch.compile(module, backend="eager"),
    compiled_in_place,
    nn.DataParallel,
    lambda module: module.to(torch.bfloat16),
]


@pytest.mark.parametrize("wrap", WRAPPERS, ids=["compiled", "in place", "parallel", "bfloat16"])
def test_wrappers_are_opened_and_precision_does_not_matter(wrap):
    module = nn.GRU(3, 6).to(torch.bfloat16).float()  # weights that have few digits
    h, x = torch.ones(2, 6, dtype=torch.float64), torch.ones(2, 3, dtype=torch.float64)
    expected = driven_module(module).step(h, x)
    network, _, _ = as_driven(wrap(module), h, None)
    assert network.unbounded == "" and torch.equal(network.step(h, x), expected)


class Wrapped(nn.Module):
    def __init__(self):
        super().__init__()
        self.core, self.readout = nn.GRU(3, 6), nn.Linear(6, 1)

    def forward(self, x):
        return self.readout(self.core(x)[0])


class Timed(nn.GRUCell):
    def forward(self, x, h, time):
        return super().forward(x, h) * time


class Noisy(nn.GRUCell):
    def forward(self, x, h):
        return super().forward(x, h) + torch.randn_like(h)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (Wrapped, "its recurrent part alone is module.core"),
        (lambda: Timed(3, 6), "Timed is called as torch's GRUCell is"),
        (lambda: Noisy(3, 6), "the step is random"),
        (lambda: nn.RNN(3, 6).to(torch.complex64), "weight_ih_l0 is complex"),
        (lambda: torch.jit.script(nn.GRU(3, 6)), "give the module it was made from"),
        (
            lambda: lambda x, h: h + x.sum(),
            r"arguments are \(x, h\); give lambda h, x: step\(x, h\)",
        ),
    ],
    ids=["part", "time", "noise", "complex", "scripted", "order"],
)
@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:Complex modules:UserWarning")
def test_a_module_that_cannot_be_used_is_refused_with_the_remedy(make, message):
    with pytest.raises(ValueError, match=message):
        as_driven(make(), np.ones((5, 6)), [1.0, 0.0, 0.0])
