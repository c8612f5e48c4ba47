"""Weights survive the file bit for bit; what is no such file is refused by name."""

import pytest
import torch

from rnnpipe.networks.weights_file import load_networks, save_networks
from rnnpipe.settings.sections.training import PARTS
from rnnpipe.tables.artifacts import ArtifactError, write_bytes
from rnnpipe.tasks import FlipFlop
from tests.helpers.networks import make_networks

REGIONS = {"regions": [{"name": "A", "units": 5, "dale_ratio": 0.6}, {"name": "B", "units": 3}]}


@pytest.fixture
def saved(tmp_path):
    networks = make_networks([4, 7], FlipFlop(), constraint=REGIONS, cell="leaky")
    path = tmp_path / "weights.pt"
    save_networks(path, networks, [4, 7], {"x": 1})
    return path, networks


def test_networks_survive(saved):
    path, networks = saved
    loaded, seeds = load_networks(path)
    assert seeds == [4, 7]
    assert torch.equal(loaded.raw, networks.raw)
    for name in ("mask", "sign", "input_mask", "output_mask"):
        assert torch.equal(getattr(loaded, name), getattr(networks, name))
    assert loaded.regions == networks.regions
    assert loaded.cell.alpha == 0.3 and type(loaded.cell) is type(networks.cell)
    for name in PARTS:
        assert torch.equal(getattr(loaded.weights(), name), getattr(networks.weights(), name))


@pytest.mark.parametrize("cell", ["gru", "lstm", "ugrnn"])
def test_gated_networks_survive(cell, tmp_path):
    networks = make_networks([4], FlipFlop(), units=5, cell=cell)
    save_networks(tmp_path / "weights.pt", networks, [4], {})
    loaded, _ = load_networks(tmp_path / "weights.pt", {"units": 5, "inputs": 3, "cell": cell})
    assert torch.equal(loaded.raw, networks.raw) and loaded.shapes == networks.shapes


def test_the_file_is_plain_and_holds_effective_weights(saved):
    path, networks = saved
    content = torch.load(path, weights_only=True)
    assert torch.equal(content["effective"]["recurrent"], networks.weights().recurrent)
    assert '"settings":{"x":1}' in content["provenance"]


def test_equal_networks_give_equal_bytes(saved, tmp_path):
    path, networks = saved
    save_networks(tmp_path / "other name.pt", networks, [4, 7], {"x": 1})
    assert path.read_bytes() == (tmp_path / "other name.pt").read_bytes()


@pytest.mark.parametrize("cut", [0, 10, 1000, -5])
def test_a_truncated_file_is_refused_by_name(saved, cut):
    path, _ = saved
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ArtifactError, match=r"weights\.pt: is damaged or no weights file"):
        load_networks(path)


def test_foreign_files_are_refused_by_name(tmp_path):
    torch.save({"weight": torch.ones(2)}, tmp_path / "foreign.pt")
    with pytest.raises(ArtifactError, match=r"foreign\.pt: is no weights file that rnnpipe"):
        load_networks(tmp_path / "foreign.pt")
    torch.save(FlipFlop(), tmp_path / "object.pt")
    with pytest.raises(ArtifactError, match=r"object\.pt: is damaged or no weights file"):
        load_networks(tmp_path / "object.pt")
    write_bytes(tmp_path / "text.pt", b"hello")
    with pytest.raises(ArtifactError, match=r"text\.pt"):
        load_networks(tmp_path / "text.pt")
    with pytest.raises(ArtifactError, match=r"none\.pt: cannot be read"):
        load_networks(tmp_path / "none.pt")


def test_another_models_file_is_refused_by_name(saved):
    path, _ = saved
    with pytest.raises(ArtifactError, match=r"weights\.pt: .* inputs = 3; 1 is needed"):
        load_networks(path, {"inputs": 1})
    with pytest.raises(ArtifactError, match="cell = leaky; vanilla is needed"):
        load_networks(path, {"cell": "vanilla"})
