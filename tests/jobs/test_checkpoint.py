"""A checkpoint is a file that belongs to one job and is there only until its end."""

import signal

import pytest
import torch

from rnnpipe.jobs.checkpoint import CheckpointFile
from rnnpipe.jobs.processes import Interrupted, Interruption

CONTENT = {"raw": torch.arange(3.0), "names": ["a"]}


def checkpoints(path, identity="this job", every=1e9) -> CheckpointFile:
    return CheckpointFile(path, identity, every, Interruption())


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "folder" / "train.pt"
    checkpoints(path, every=0).offer(7, lambda: CONTENT)
    return path


def test_what_was_kept_comes_back(written):
    kept = checkpoints(written)
    content = kept.load()
    assert torch.equal(content["raw"], CONTENT["raw"]) and content["names"] == ["a"]
    assert kept.resumed_at == 7


def test_another_jobs_is_not_gone_on_from_and_the_log_says_so(written, capsys):
    assert checkpoints(written, identity="another job").load() is None
    said = capsys.readouterr().err
    assert said.startswith(f"{written}: was left by a job of other settings or code")
    assert said.endswith("training begins anew\n")


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"half"])
def test_a_damaged_one_is_not_gone_on_from_and_the_log_says_so(written, content, capsys):
    if content == b"half":
        content = written.read_bytes()[:300]
    written.write_bytes(content)
    assert checkpoints(written).load() is None
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith(f"{written}: is damaged") and said.endswith("training begins anew")


def test_none_is_none(tmp_path, capsys):
    kept = checkpoints(tmp_path / "train.pt")
    assert kept.load() is None
    assert capsys.readouterr().err == ""
    kept.remove()


def test_it_is_written_when_it_is_time(tmp_path):
    kept = checkpoints(tmp_path / "train.pt", every=1e9)
    kept.offer(1, lambda: pytest.fail("it was not time"))
    assert not kept.path.exists()
    kept.every = 0
    kept.offer(2, lambda: CONTENT)
    assert kept.path.exists()
    kept.remove()
    assert not kept.path.exists()


def test_a_request_to_stop_is_heeded_once_the_state_is_on_disk(tmp_path):
    kept = checkpoints(tmp_path / "train.pt")
    assert not kept.asked()
    kept.interruption.name = signal.SIGTERM.name
    assert kept.asked()
    with pytest.raises(Interrupted, match="SIGTERM at step 5"):
        kept.offer(5, lambda: CONTENT)
    assert checkpoints(kept.path).load() is not None
