"""A device that is not there: tensors that refuse to meet those of the host, as a GPU's do.

The numbers lie on the host. What is checked is what only a device would notice: a tensor
made on the host in the midst of a computation, or a look at numbers without fetching them.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_flatten, tree_map

DEVICE = torch.device("xpu", 0)
# These take a tensor of the host to a device, or an index from it.
BRIDGES = ("to", "copy_", "__getitem__", "__setitem__", "set_")


class ElsewhereTensor(Tensor):
    """A tensor of `DEVICE`."""

    @property
    def device(self) -> torch.device:
        return DEVICE

    @classmethod
    def __torch_function__(
        cls, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        return super().__torch_function__(func, types, args, kwargs or {})


class Elsewhere(TorchFunctionMode):
    """Computes for `DEVICE`, strictly."""

    def __torch_function__(
        self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        if func is torch.device:
            return func(*args)
        name, kwargs = getattr(func, "__name__", str(func)), dict(kwargs or {})
        values = tree_flatten((args, kwargs))[0]
        tensors = [value for value in values if isinstance(value, Tensor)]
        away = [value for value in tensors if isinstance(value, ElsewhereTensor)]
        goes = any(isinstance(v, torch.device) and v.type == DEVICE.type for v in values)
        if name == "cpu" or (name == "to" and any(_is_host(v) for v in values)):
            return args[0].detach().as_subclass(Tensor).clone()
        if goes or (name == "to" and away and not isinstance(args[0], ElsewhereTensor)):
            args, kwargs = tree_map(_hosted, (args, kwargs))
            return func(*args, **kwargs).as_subclass(ElsewhereTensor)
        assert not (away and name in ("numpy", "__array__", "from_numpy")), f"{name} without cpu()"
        if func == Tensor.grad.__get__ and away:  # autograd forgets the class
            return None if args[0].grad is None else func(*args).as_subclass(ElsewhereTensor)
        host = [t for t in tensors if not isinstance(t, ElsewhereTensor) and t.ndim > 0]
        assert not (away and host and name not in BRIDGES), f"{name} mixes devices"
        return func(*args, **kwargs)


def _is_host(value: Any) -> bool:
    return value == "cpu" or (isinstance(value, torch.device) and value.type == "cpu")


def _hosted(value: Any) -> Any:
    """The value as the host takes it."""
    if isinstance(value, torch.device):
        return torch.device("cpu")
    return value.as_subclass(Tensor) if isinstance(value, ElsewhereTensor) else value
