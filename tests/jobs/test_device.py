"""The device that is chosen is there, or the error says what to do."""

import pytest
import torch

from rnnpipe.jobs.device import DEVICES, DeviceError, chosen_device


@pytest.mark.parametrize("there", [True, False])
def test_auto_is_cuda_where_there_is_one(monkeypatch, there):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: there)
    assert chosen_device("auto") == ("cuda" if there else "cpu")
    assert chosen_device("cpu") == "cpu"
    assert set(DEVICES) == {"auto", "cpu", "cuda"}


def test_cuda_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DeviceError, match="give auto or cpu"):
        chosen_device("cuda")
