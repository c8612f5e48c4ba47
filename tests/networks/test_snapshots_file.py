"""Snapshots survive the file bit for bit; what is no such file is refused by name."""

import numpy as np
import pytest
import torch

from rnnpipe.networks.snapshots import Snapshots
from rnnpipe.networks.snapshots_file import load_snapshots, save_snapshots
from rnnpipe.settings.sections.training import PARTS
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.provenance import read_provenance
from rnnpipe.tasks import FlipFlop
from tests.helpers.networks import make_networks

SEEDS = (4, 7)
# The second network ended at step 3.
STEPS, ROWS = np.array([0, 0, 2, 2, 3, 9]), np.array([0, 1, 0, 1, 1, 0])


def snapshots(**model) -> Snapshots:
    """Snapshots of two networks, of which one has signs that the other has not."""
    constraint = {} if model else {"density": 0.5, "dale_ratio": 0.5}
    stack = make_networks(SEEDS, FlipFlop(), constraint=constraint, **model).select(ROWS.tolist())
    stack.raw.add_(torch.arange(len(ROWS))[:, None])
    return Snapshots(stack, STEPS, ROWS, SEEDS)


@pytest.mark.parametrize("model", [{}, {"cell": "gru"}], ids=["signs", "gates"])
def test_snapshots_survive(tmp_path, model):
    saved, path = snapshots(**model), tmp_path / "snapshots.pt"
    save_snapshots(path, saved, {"x": 1})
    loaded = load_snapshots(path)
    assert loaded.seeds == SEEDS and loaded.kept_steps.tolist() == [0, 2, 3, 9]
    np.testing.assert_array_equal(loaded.steps, STEPS)
    np.testing.assert_array_equal(loaded.rows, ROWS)
    ours, theirs = loaded.networks.weights(), saved.networks.weights()
    assert all(torch.equal(getattr(ours, name), getattr(theirs, name)) for name in PARTS)
    assert loaded.networks.shapes == saved.networks.shapes
    assert read_provenance(path)["settings"] == {"x": 1}


def test_networks_are_found_by_step_and_by_row():
    kept = snapshots()
    networks, rows = kept.at(3)
    assert rows.tolist() == [1] and torch.equal(networks.raw, kept.networks.raw[4:5])
    networks, steps = kept.of(0)
    assert steps.tolist() == [0, 2, 9] and torch.equal(networks.raw, kept.networks.raw[[0, 2, 5]])
    assert torch.equal(networks.mask, kept.networks.mask[[0, 0, 0]])


def test_a_file_without_snapshots_says_so(tmp_path):
    none = Snapshots.none(make_networks(SEEDS, FlipFlop()), SEEDS)
    save_snapshots(tmp_path / "snapshots.pt", none, {})
    loaded = load_snapshots(tmp_path / "snapshots.pt")
    assert len(loaded) == 0 and loaded.seeds == SEEDS and loaded.networks.units == 8
    assert len(loaded.at(0)[1]) == 0


def test_damaged_and_foreign_files_are_refused_by_name(tmp_path):
    path = tmp_path / "snapshots.pt"
    save_snapshots(path, snapshots(), {})
    content, whole = torch.load(path, weights_only=True), path.read_bytes()
    path.write_bytes(whole[:-500])
    with pytest.raises(ArtifactError, match=r"snapshots\.pt: is damaged or no file of snapshots"):
        load_snapshots(path)
    torch.save({**content, "steps": content["steps"][:-1]}, path)
    with pytest.raises(ArtifactError, match=r"snapshots\.pt: is damaged: .* differ in number"):
        load_snapshots(path)
    torch.save({"format": "rnnpipe weights 1"}, path)
    with pytest.raises(ArtifactError, match=r"snapshots\.pt: is no file of snapshots that rnnpipe"):
        load_snapshots(path)
    path.unlink()
    with pytest.raises(ArtifactError, match=r"snapshots\.pt: cannot be read"):
        load_snapshots(path)
