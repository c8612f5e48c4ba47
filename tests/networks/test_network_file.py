"""A network from a file is the network that was saved, or is refused by name."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from rnnpipe.networks.constraints import connectivity
from rnnpipe.networks.construction import assemble, make_cell
from rnnpipe.networks.network_file import Wanted, read_network
from rnnpipe.networks.weights_file import save_networks
from rnnpipe.settings import ConstraintSettings
from rnnpipe.settings.sections.arrays import ArraySettings
from rnnpipe.streams import stream
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tasks import FlipFlop
from tests.helpers import rate_networks as rates
from tests.helpers.networks import make_networks, model
from tests.helpers.torch_networks import MODULES, Network, network

INPUTS, UNITS, OUTPUTS = 3, 5, 2


@pytest.fixture
def file(tmp_path):
    return tmp_path / "7.pt"


def wanted(cell: str = "gru", **changes) -> Wanted:
    return Wanted(model(cell, units=UNITS), INPUTS, OUTPUTS, **changes)


def state(cell: str = "gru", bias: bool = True) -> dict[str, torch.Tensor]:
    return network(cell, INPUTS, UNITS, OUTPUTS, bias=bias).state_dict()


def refused(file, content, wanted: Wanted) -> str:
    torch.save(content, file)
    with pytest.raises(ArtifactError) as caught:
        read_network(file, 7, wanted)
    message = str(caught.value)
    assert message.startswith(f"{file}: ") and "\n" not in message
    return message.removeprefix(f"{file}: ")


@pytest.mark.parametrize("cell", MODULES)
@pytest.mark.parametrize("bias", [True, False])
def test_an_imported_network_does_what_the_module_does(file, cell, bias):
    module = network(cell, INPUTS, UNITS, OUTPUTS, bias=bias)
    torch.save(module.state_dict(), file)
    parts = read_network(file, 7, wanted(cell))
    free = connectivity(ConstraintSettings().resolved(UNITS), INPUTS, OUTPUTS, stream(0, "x"))
    networks = assemble(make_cell(model(cell)), [free], [parts], torch.float64)
    x = torch.randn(4, 20, INPUTS, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    outputs = networks.run(x.transpose(0, 1)[None]).outputs[0].transpose(0, 1)
    assert (outputs - module(x)).abs().max() < 1e-12


def test_cells_do_as_well(file):
    class Stepped(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.core = nn.LSTMCell(INPUTS, UNITS)
            self.out = nn.Linear(UNITS, OUTPUTS)

    module = Stepped()
    torch.save(module.state_dict(), file)
    parts = read_network(file, 7, wanted("lstm"))
    assert np.array_equal(parts["recurrent"], module.core.weight_hh.detach().double())
    assert parts["initial_state"].shape == (2 * UNITS,)


def test_names_settle_what_is_ambiguous(file):
    one, two = (state() for _ in range(2))
    both = {
        f"{name}.{key}": value for name, s in (("a", one), ("b", two)) for key, value in s.items()
    }
    both["b.fc.weight"] = two["fc.weight"] + 1
    message = refused(file, both, wanted())
    assert message == "has several candidates for `recurrent`: give one of 'a.rnn.', 'b.rnn.'"
    message = refused(file, both, wanted(recurrent="a.rnn."))
    assert message == "has several candidates for `readout`: give one of 'a.fc.', 'b.fc.'"
    parts = read_network(file, 7, wanted(recurrent="a.rnn.", readout="b.fc."))
    assert np.array_equal(parts["output"], two["fc.weight"] + 1)


def test_a_readout_is_told_from_other_layers_by_its_shape(file):
    torch.save({**state(), "embed.weight": torch.zeros(11, INPUTS)}, file)
    assert np.array_equal(read_network(file, 7, wanted())["output"], state()["fc.weight"])


def test_the_seed_picks_its_network_of_a_block(file):
    task = FlipFlop(bits=2)
    networks = make_networks([3, 7], task, UNITS, {"autapses": False}, cell="leaky")
    save_networks(file, networks, [3, 7], {})
    needed = Wanted(model("leaky", units=UNITS), 2, 2, shared=True)
    parts = read_network(file, 7, needed)
    assert np.array_equal(parts["recurrent"], networks.weights().recurrent[1].double())
    assert (np.diag(parts["recurrent"]) == 0).all()
    with pytest.raises(ArtifactError, match="of seeds 3, 7; 4 is not there"):
        read_network(file, 4, needed)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"alpha": 0.5}, "alpha = 0.3; 0.5 is needed"),
        ({"units": 6}, "units = 5; 6 is needed"),
        ({"activation": "relu"}, "activation = tanh; relu is needed"),
        ({"cell": "ctrnn"}, "cell = leaky; ctrnn is needed"),
    ],
)
def test_a_block_of_other_networks_is_refused(file, changes, words):
    networks = make_networks([7], FlipFlop(bits=2), UNITS, cell="leaky")
    save_networks(file, networks, [7], {})
    with pytest.raises(ArtifactError, match=words):
        read_network(file, 7, Wanted(model(**({"cell": "leaky", "units": UNITS} | changes)), 2, 2))


@pytest.mark.parametrize("cell", MODULES)
def test_a_state_dict_may_be_kept_as_arrays(tmp_path, cell):
    arrays = {name: value.numpy() for name, value in state(cell).items()}
    np.savez(tmp_path / "7.npz", kind="gru", **arrays)
    torch.save(state(cell), tmp_path / "7.pt")
    parts = [read_network(tmp_path / f"7.{end}", 7, wanted(cell)) for end in ("pt", "npz")]
    assert all(np.array_equal(parts[0][name], parts[1][name]) for name in parts[0])


class TestArrays:
    """Networks whose arrays have names of their own."""

    SIZES = (rates.INPUTS, rates.OUTPUTS)
    NAMES = ArraySettings.model_validate(rates.LOW_RANK)

    def wanted(self, **changes) -> Wanted:
        cell = model("ctrnn", units=rates.UNITS, alpha=rates.ALPHA)
        return Wanted(cell, *self.SIZES, **{"arrays": self.NAMES, **changes})

    @pytest.mark.parametrize("kind", ["pt", "npz", "mat"])
    def test_an_imported_network_does_what_its_authors_code_does(self, tmp_path, kind):
        arrays, path = rates.low_rank(), tmp_path / f"7.{kind}"
        rates.save(arrays, path)
        parts = read_network(path, 7, self.wanted())
        task = ConstraintSettings().resolved(rates.UNITS)
        free = connectivity(task, *self.SIZES, stream(0, "x"))
        cell = make_cell(self.wanted().model)
        networks = assemble(cell, [free], [parts], torch.float64)
        x = np.random.default_rng(1).standard_normal((30, rates.INPUTS))
        run = networks.run(torch.from_numpy(x)[None, :, None])
        states, outputs = rates.run_low_rank(arrays, x)
        assert np.abs(run.states[0, :, 0].numpy() - states).max() < 1e-12
        assert np.abs(run.outputs[0, :, 0].numpy() - outputs).max() < 1e-12

    def test_messages_name_file_array_key_and_shapes(self, file):
        rates.save(rates.low_rank(), file)
        names = self.NAMES.model_copy(update={"transposed": ("output",)})
        with pytest.raises(ArtifactError) as caught:
            read_network(file, 7, self.wanted(arrays=names))
        assert str(caught.value) == (
            f"{file}: wi (arrays.input) has shape (2, 6); (6, 2) is needed, units by inputs; is it "
            "to be listed under transposed?"
        )

    def test_stacked_networks_are_told_by_their_seeds(self, tmp_path):
        W = np.random.default_rng(0).standard_normal((3, 2, 2))
        np.savez(tmp_path / "f.npz", W=W)
        given = {"recurrent": "W", "input": None, "output": None}
        asked = Wanted(model("ctrnn", units=2), 1, 1, shared=True)
        stacked = replace(asked, arrays=ArraySettings(**given, stacked=True))
        for seed in range(3):
            parts = read_network(tmp_path / "f.npz", seed, stacked)
            assert np.array_equal(parts["recurrent"], W[seed])
        with pytest.raises(ArtifactError, match="`stacked: true` if its arrays are those of"):
            read_network(tmp_path / "f.npz", 0, replace(asked, arrays=ArraySettings(**given)))

    def test_who_needs_the_section_is_told_of_it(self, file):
        rates.save(rates.low_rank(), file)
        for cell in ("ctrnn", "vanilla"):
            with pytest.raises(ArtifactError, match="named in the section `arrays`"):
                read_network(file, 7, wanted(cell))


class TestRefusals:
    def without(self, *keys: str) -> dict[str, torch.Tensor]:
        return {key: value for key, value in state().items() if key not in keys}

    def test_wrong_shapes_name_the_key_and_both_shapes(self, file):
        message = refused(file, state("lstm"), wanted("gru"))
        assert message.startswith("rnn.weight_ih_l0 has shape (20, 3); (15, 3) is needed by a gru")
        narrow = Wanted(wanted().model, INPUTS + 1, OUTPUTS)
        assert "rnn.weight_ih_l0 has shape (15, 3); (15, 4)" in refused(file, state(), narrow)
        wide = Wanted(wanted().model, INPUTS, OUTPUTS + 1)
        assert "fc.weight has shape (2, 5); (3, 5) is needed" in refused(file, state(), wide)

    def test_missing_weights(self, file):
        assert "rnn.weight_hh_l0" in refused(file, self.without("rnn.weight_hh_l0"), wanted())
        assert "has no recurrent" in refused(file, {"fc.weight": state()["fc.weight"]}, wanted())
        assert "has no readout" in refused(file, self.without("fc.weight", "fc.bias"), wanted())
        assert "head.weight" in refused(file, state(), wanted(readout="head."))
        assert "holds nothing" in refused(file, {}, wanted())

    def test_two_layers(self, file):
        deep = nn.GRU(INPUTS, UNITS, num_layers=2).state_dict()
        assert "weight_hh_l1" in refused(file, {**deep, **state()}, wanted(recurrent=""))

    def test_cells_that_torch_does_not_have(self, file):
        assert "torch has no ugrnn" in refused(file, state(), wanted("ugrnn"))

    def test_weights_that_are_not_finite(self, file):
        broken = {**state(), "fc.bias": torch.tensor([0.0, torch.nan])}
        assert "fc.bias holds NaN" in refused(file, broken, wanted())
        networks = make_networks([7], FlipFlop(bits=2), UNITS)
        networks.parts()["bias"][0, 1] = torch.inf
        save_networks(file, networks, [7], {})
        with pytest.raises(ArtifactError, match="bias weights hold values that are not finite"):
            read_network(file, 7, Wanted(model(units=UNITS), 2, 2))

    def test_a_whole_module_is_not_opened(self, file):
        module = Network("gru", INPUTS, UNITS, OUTPUTS)
        assert "torch.save(module.state_dict(), file)" in refused(file, module, wanted())

    def test_a_checkpoint_of_more_than_weights(self, file):
        content = {"model": state(), "epoch": 3}
        assert "holds model, epoch beside or instead of weights" in refused(file, content, wanted())
        assert "holds a list" in refused(file, [1], wanted())
        numbered = refused(file, {0: torch.ones(2)}, wanted())
        assert numbered.startswith("holds 0 beside or instead of weights")

    def test_one_network_for_several_seeds(self, file):
        assert "several seeds name it" in refused(file, state(), wanted(shared=True))

    @pytest.mark.parametrize(
        ("content", "looks"), [(b"", "empty"), (b"not a file of torch", "text")]
    )
    def test_foreign_files(self, file, content, looks):
        file.write_bytes(content)
        with pytest.raises(ArtifactError, match=f"no file of weights: it is {looks}; save weights"):
            read_network(file, 7, wanted())

    @pytest.mark.parametrize(
        "norm",
        [
            parametrizations.orthogonal,
            parametrizations.weight_norm,
            nn.utils.spectral_norm,
            pytest.param(
                nn.utils.weight_norm,
                marks=pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning"),
            ),
        ],
    )
    def test_weights_that_are_made_from_others(self, file, norm):
        module = nn.ModuleDict({"rnn": nn.RNN(INPUTS, UNITS), "fc": nn.Linear(UNITS, OUTPUTS)})
        norm(module["rnn"], "weight_hh_l0")
        message = refused(file, module.state_dict(), wanted("vanilla"))
        assert message.startswith("holds rnn.") and "remove_parametrizations" in message
        named = wanted("vanilla", recurrent="rnn.", readout="fc.")
        assert refused(file, module.state_dict(), named) == message

    def test_missing_file(self, tmp_path):
        with pytest.raises(ArtifactError, match="cannot be read"):
            read_network(tmp_path / "none.pt", 7, wanted())
