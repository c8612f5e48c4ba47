"""A cell class in a file: made, differentiated and scanned as it steps, or refused in one line."""

import numpy as np
import pytest
import torch

from rnnpipe.given_files import CONTENT_HASH, GivenFileError, content_hash
from rnnpipe.networks.cell_check import check_cell
from rnnpipe.networks.cells import Weights, drive, driven
from rnnpipe.networks.cells.gru import GRU
from rnnpipe.networks.cells.leaky import CTRNN
from rnnpipe.networks.cells.lstm import LSTM
from rnnpipe.networks.cells.own import StepCell
from rnnpipe.networks.own_cells import cell_of, wrong_cell_arguments
from rnnpipe.networks.weights_file import load_networks, save_networks
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.fit import fit
from tests.helpers.networks import (
    CELL_CASES,
    make_cell,
    make_networks,
    random_states,
    random_weights,
    replicates,
    training,
)
from tests.helpers.own_files import ADAPTING, write_cell

KIND = "mycells.py:Adapting"
NETWORKS, TRIALS, UNITS, INPUTS, TIMES = 2, 3, 5, 2, 4


class ByStep(StepCell):
    """What the class of a cell is without its derivatives, its scan and its box."""

    def step(self, h, u, weights):
        return self.inner.step(h, u, weights)

    def rates(self, h):
        return self.inner.rates(h)


def by_step(cell: str, activation: str) -> ByStep:
    inner = make_cell(cell, activation)
    made = ByStep(activation, inner.alpha)
    made.inner = inner
    for name in ("gates", "candidate", "bias_blocks", "state_blocks"):
        setattr(made, name, getattr(inner, name))
    return made


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_cell()
    return tmp_path


def adapting(**own) -> StepCell:
    return cell_of(KIND, "tanh", 0.5, 0.0, own)


def changed(old: str, new: str, text: str = ADAPTING) -> str:
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(("cell", "activation"), CELL_CASES)
def test_derivatives_of_a_step_are_those_in_closed_form(cell, activation):
    weights = random_weights(NETWORKS, UNITS, INPUTS, 1, cell=cell)
    h = random_states((NETWORKS, TRIALS, weights.initial_state.shape[1]), 1)
    u = drive(random_states((NETWORKS, TRIALS, INPUTS), 2), weights)
    own, known = by_step(cell, activation), make_cell(cell, activation)
    directions = random_states((NETWORKS, TRIALS, 4, h.shape[-1]), 3)
    for found, right in (
        (own.jacobian(h, u, weights), known.jacobian(h, u, weights)),
        (own.input_jacobian(h, u, weights), known.input_jacobian(h, u, weights)),
        (own.jvp(h, u, directions, weights), known.jvp(h, u, directions, weights)),
    ):
        torch.testing.assert_close(found, right, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("cell", ["ctrnn", "ugrnn", "lstm"])
def test_the_scan_of_a_step_and_its_gradients_are_those_in_closed_form(cell):
    weights = random_weights(NETWORKS, UNITS, INPUTS, 1, cell=cell)
    parts = {name: part.requires_grad_() for name, part in vars(weights).items()}
    x = random_states((NETWORKS, TIMES, TRIALS, INPUTS), 1)
    noise = random_states((NETWORKS, TIMES, TRIALS, UNITS), 2) if cell == "ctrnn" else None
    own, known = (
        one.scan(x, weights, noise) for one in (by_step(cell, "tanh"), make_cell(cell, "tanh"))
    )
    torch.testing.assert_close(own, known, rtol=1e-7, atol=1e-7)
    used = [parts[name] for name in ("input", "recurrent", "bias", "initial_state")]
    gradients = (torch.autograd.grad(r.square().sum(), used) for _, r in (own, known))
    torch.testing.assert_close(*gradients, rtol=1e-6, atol=1e-6)


def test_a_step_that_cannot_be_differentiated_twice_has_products_by_rows():
    class Once(torch.autograd.Function):
        @staticmethod
        def forward(ctx, z):
            ctx.save_for_backward(y := torch.tanh(z))
            return y

        @staticmethod
        @torch.autograd.function.once_differentiable
        def backward(ctx, gradient):
            return gradient * (1 - ctx.saved_tensors[0] ** 2)

    class Plain(StepCell):
        def step(self, h, u, weights):
            return Once.apply(torch.baddbmm(u, h, weights.recurrent.mT))

    check_cell(Plain("tanh"), KIND)


def test_a_class_is_made_with_its_arguments_and_keeps_its_word():
    cell = adapting(strength=0.2)
    check_cell(cell, KIND)
    assert (cell.kind, cell.strength, cell.rate, cell.alpha) == (KIND, 0.2, 0.1, 0.5)
    assert cell.own == {"strength": 0.2, CONTENT_HASH: content_hash("mycells.py")}


def test_its_networks_are_maps_with_the_box_that_the_class_names():
    weights = random_weights(1, UNITS, INPUTS, 1)
    state = torch.zeros(1, 2 * UNITS, dtype=torch.float64)
    network = driven(adapting(), Weights(**{**vars(weights), "initial_state": state}))
    held = network.held(torch.zeros(INPUTS, dtype=torch.float64))
    assert held.units == 2 * UNITS and held.unbounded == "" and held.rates is None
    assert [corner.tolist() for corner in held.box] == [[-1.0] * 10, [1.0] * 10]


def test_arguments_are_held_against_the_constructor():
    assert wrong_cell_arguments(KIND, {"strength": 1, "rate": 0.2}) == {}
    found = wrong_cell_arguments(KIND, {"strenght": 1})
    assert found["strenght"].endswith('takes strength, rate; did you mean "strength"?')
    with pytest.raises(GivenFileError, match=r"mycells\.py: Adapting cannot be made: TypeError"):
        adapting(strenght=1)


@pytest.mark.parametrize("units", [1, 3])
def test_a_network_is_the_same_beside_others_and_learns(units):
    task = FlipFlop(bits=1, time=8)
    together = make_networks([0, 1, 2], task, cell=KIND, alpha=0.5, units=6)
    alone = make_networks([1], task, cell=KIND, alpha=0.5, units=6)
    x = torch.randn(3, 8, units, 1, generator=torch.Generator().manual_seed(0))
    states = together.run(x).states
    assert torch.equal(states[1:2], alone.run(x[1:2]).states)


def test_training_goes_through_the_step():
    task = FlipFlop(bits=1, time=8)
    networks = make_networks([0, 1], task, cell=KIND, alpha=0.5, noise=0.1)
    short = training(steps=30, learning_rate=0.02)
    fitted = fit(networks, task, replicates([0, 1]), short)
    assert (fitted.summary["stop_reason"] == "steps").all()
    before, after = networks.weights(), fitted.networks.weights()
    assert not torch.equal(before.recurrent, after.recurrent)


def test_weights_are_read_with_the_class_and_refused_once_its_file_has_changed(here):
    networks = make_networks([0, 1], FlipFlop(bits=1, time=8), cell=KIND, strength=0.3)
    path = here / "weights.pt"
    save_networks(path, networks, [0, 1], training())
    read, seeds = load_networks(path)
    assert seeds == [0, 1] and read.cell.strength == 0.3 and read.cell.kind == KIND
    x = torch.zeros(2, 3, 1, 1)
    assert torch.equal(read.run(x).states, networks.run(x).states)
    write_cell(changed("0.1)", "0.2)"))
    with pytest.raises(ArtifactError, match=r"weights\.pt: the cell of .*: has changed"):
        load_networks(path)
    (here / "mycells.py").unlink()
    with pytest.raises(ArtifactError, match=r"mycells\.py: there is no such file"):
        load_networks(path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("class Adapting(StepCell)", "class Adapting", "is no rnnpipe.networks.cells.Cell"),
        ("class Adapting(", "class Adaptive(", "has no class Adapting; its cells are Adaptive"),
        ("import torch\n", "import torhc\n", "ModuleNotFoundError"),
        ("def step(", "def stepp(", "cannot be made: TypeError"),
        ("r, a = h.chunk(2", "r, a = h.chunks(2", "fails: AttributeError"),
        ("dim=-1)\n\n    def box", "dim=0)\n\n    def box", "steps from states of shape"),
        ("dim=-1)\n\n    def box", "dim=-1).float()\n\n    def box", "from float64 to float32"),
        ("self.strength * a", "torch.rand_like(a)", "is random"),
        ("self.strength * a", "a.mean(1, keepdim=True)", "mixes trials or networks"),
        ("self.strength * a", "a.mean(0, keepdim=True)", "mixes trials or networks"),
        ("torch.lerp(r, self", "torch.lerp(r, 1 / (r - r) + self", "not finite"),
        ("r, a = h.chunk", "u = u.detach()\n        r, a = h.detach().chunk", "detach"),
        ("state_blocks = 2", "state_blocks = 0", "state_blocks = 0"),
        ("state_blocks = 2", "state_blocks = 2\n    candidate = 1", "candidate = 1"),
        ("state_blocks = 2", "state_blocks = 2\n    gates = 2", "bias_blocks = 1"),
        ("edge * self.activation.upper", "edge * 0.5", "has a box that its step leaves"),
    ],
)
def test_faults_of_a_class_name_what_is_wrong(old, new, words):
    write_cell(changed(old, new))
    with pytest.raises(GivenFileError) as caught:
        check_cell(adapting(), KIND)
    message = str(caught.value)
    assert message.startswith("mycells.py: ") and "\n" not in message
    assert words in message


@pytest.mark.parametrize(
    ("parent", "alpha", "words"),
    [
        (CTRNN, 0.5, "has a jacobian that is not the derivative of its step"),
        (GRU, 1.0, "has a jacobian that is not the derivative of its step"),
        (LSTM, 1.0, "has a jacobian that is not the derivative of its step"),
    ],
)
def test_a_step_put_into_a_known_cell_is_held_against_what_it_inherits(parent, alpha, words):
    class Halved(parent):
        def step(self, h, u, weights):
            return super().step(h, u, weights) / 2

    with pytest.raises(GivenFileError, match=words):
        check_cell(Halved("tanh", alpha), KIND)


def test_an_inherited_scan_is_held_against_the_step():
    class Inherited(LSTM):
        """All but the scan is derived from the step."""

        jacobian, linearized = StepCell.jacobian, StepCell.linearized
        input_jacobian = StepCell.input_jacobian

        def step(self, h, u, weights):
            return super().step(h, u, weights) / 2

    with pytest.raises(GivenFileError, match="has a scan that gives other states"):
        check_cell(Inherited("tanh"), KIND)


def test_arrays_that_a_class_returns_are_of_the_units():
    cell = adapting()
    assert np.shape(cell.initial_bias(UNITS)) == (UNITS,)
    assert cell.rates(torch.zeros(1, 2, 10)).shape == (1, 2, 5)
