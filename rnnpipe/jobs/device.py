"""The device that a job computes on."""

DEVICES = ("auto", "cpu", "cuda")


class DeviceError(Exception):
    """The requested device does not exist on this machine."""


def chosen_device(name: str) -> str:
    """Return ``"cpu"`` or ``"cuda"``: what one of `DEVICES` stands for on this machine.

    Raises
    ------
    DeviceError
        If CUDA is asked for and torch finds none.
    """
    # Not above: scripts that only print their help need no torch.
    import torch

    there = torch.cuda.is_available()
    if name == "cuda" and not there:
        raise DeviceError(
            "compute.device is cuda, but torch finds no CUDA device here; give auto or cpu, "
            "or install a torch that is built for CUDA"
        )
    return "cuda" if there and name != "cpu" else "cpu"
