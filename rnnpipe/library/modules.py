"""torch's recurrent modules as maps of state and input, and modules derived from them.

Whatever computes as torch's own module does is known in closed form, from its
effective weights; what has a `forward` of its own is called, and differentiated
automatically.
"""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm

from rnnpipe.dynamics.maps import Driven
from rnnpipe.library.autodiff import ALIKE, checked_call, driven_by_call
from rnnpipe.networks.cells import CELLS, Weights, driven
from rnnpipe.networks.torch_weights import recurrent_parts

LAYERS = {nn.RNN: "vanilla", nn.GRU: "gru", nn.LSTM: "lstm"}
SINGLE = {nn.RNNCell: "vanilla", nn.GRUCell: "gru", nn.LSTMCell: "lstm"}
KINDS = {**LAYERS, **SINGLE}
# Number of states on which the closed form is compared with the module itself.
TRIED = 3


def unwrapped(step: Any) -> Any:
    """The module inside the wrappers of `torch.compile` and `nn.DataParallel`; else the step."""
    while isinstance(step, nn.Module):
        if isinstance(step, nn.DataParallel | nn.parallel.DistributedDataParallel):
            step = step.module
        elif isinstance(inside := getattr(step, "_orig_mod", None), nn.Module):
            step = inside
        else:
            break
    return getattr(step, "_torchdynamo_orig_callable", step)


def is_recurrent(module: object) -> bool:
    """Whether a module is one that `driven_module` knows, or derived from one."""
    return isinstance(module, tuple(KINDS))


def state_units(module: nn.Module) -> int:
    """Number of state variables of a recurrent module; an LSTM's are h and c."""
    return module.hidden_size * CELLS[KINDS[_kind(module)]].state_blocks


def driven_module(module: nn.Module) -> Driven:
    """A recurrent module as a map of state and input, on a float64 copy in evaluation mode.

    The state of an LSTM is (h, c), one behind the other. Weights are those
    that the module computes with: parametrizations, weight and spectral norms
    are applied. A class with a `forward` of its own, and a module with hooks,
    is called, and differentiated automatically.

    Raises
    ------
    TypeError
        If a `forward` of the user's own returns no state.
    ValueError
        If the module has several layers, two directions or a projection,
        weights that are not finite or are complex, or cannot be copied or called.
    """
    kind = _kind(module)
    _check_one_state(module, kind)
    twin = float64_copy(module)
    step = _step(twin, kind)
    rng = torch.Generator().manual_seed(0)
    h = torch.randn(TRIED, state_units(module), generator=rng, dtype=torch.float64)
    x = torch.randn(TRIED, module.input_size, generator=rng, dtype=torch.float64)
    advice = (
        f"{type(module).__name__} is called as torch's {kind.__name__} is, in float64; give a "
        "function (state, input) -> state if it is called otherwise"
    )
    call = checked_call(step, h, x, advice)
    if _computes_as_torch(module, kind):
        # The call above has refreshed what hooks of norms compute.
        known = _closed_form(twin, kind)
        with torch.no_grad():
            if torch.allclose(known.step(h, x), call(h, x), rtol=ALIKE, atol=ALIKE):
                return known
    return driven_by_call(call, h, x)


def float64_copy(module: nn.Module) -> nn.Module:
    """A copy in float64, on the CPU, in evaluation mode, that needs no gradients.

    Tensors that are plain attributes are converted too; those that were computed
    (as weight norms leave them) are copied without their history.

    Raises
    ------
    ValueError
        If the module cannot be copied, is scripted, or has complex weights.
    """
    if isinstance(module, torch.jit.ScriptModule):
        raise ValueError("a module of torch.jit is not opened; give the module it was made from")
    if strange := [name for name, part in module.named_parameters() if part.is_complex()]:
        raise ValueError(f"{strange[0]} is complex; real weights are needed")
    memo = {id(t): t.detach().clone() for part in module.modules() for t in _computed(part)}
    try:
        twin = copy.deepcopy(module, memo).eval()
    except Exception as error:
        reason = (str(error).splitlines() or [repr(error)])[0]
        raise ValueError(
            f"{type(module).__name__} cannot be copied ({reason}); give a function that calls it"
        ) from error
    twin = twin.cpu().double().requires_grad_(False)
    for part in twin.modules():
        part._compiled_call_impl = None  # of the module copied, by `module.compile()`
        for name, value in vars(part).items():
            if isinstance(value, Tensor) and value.is_floating_point():
                vars(part)[name] = value.detach().cpu().double()
    return twin


def _computed(part: nn.Module) -> list[Tensor]:
    """Tensors among the attributes of a module that come from a computation."""
    lists = [value if isinstance(value, list | tuple) else [value] for value in vars(part).values()]
    return [t for values in lists for t in values if isinstance(t, Tensor) and not t.is_leaf]


def _kind(module: nn.Module) -> type[nn.Module]:
    return next(kind for kind in KINDS if isinstance(module, kind))


def _check_one_state(module: nn.Module, kind: type[nn.Module]) -> None:
    if kind not in LAYERS:
        return
    for name, plain in (("num_layers", 1), ("bidirectional", False), ("proj_size", 0)):
        if (found := getattr(module, name)) != plain:
            raise ValueError(
                f"{type(module).__name__} has {name} = {found}; only {name} = {plain} is a "
                "map of one state"
            )


def _computes_as_torch(module: nn.Module, kind: type[nn.Module]) -> bool:
    """Whether what a module does when called is torch's own, norms of weights apart."""
    own = "forward" in vars(module) or type(module).forward is not kind.forward
    hooks = [*module._forward_hooks.values(), *module._forward_pre_hooks.values()]
    plain = all(isinstance(hook, WeightNorm | SpectralNorm) for hook in hooks)
    return plain and not own and type(module).__call__ is nn.Module.__call__


def _step(module: nn.Module, kind: type[nn.Module]) -> Callable[[Tensor, Tensor], Any]:
    """One update by the module itself, called as torch's module of its kind is."""
    pair = KINDS[kind] == "lstm"

    def step(h: Tensor, x: Tensor) -> Any:
        state = h.chunk(2, -1) if pair else (h,)
        if kind in LAYERS:
            state = tuple(part[None].contiguous() for part in state)
            x = x[:, None] if module.batch_first else x[None]
        returned = module(x, tuple(state) if pair else state[0])
        # The output of a layer may be as wide as its state, which comes last.
        return returned[1] if kind in LAYERS and isinstance(returned, tuple) else returned

    return step


def _closed_form(module: nn.Module, kind: type[nn.Module]) -> Driven:
    suffix = "_l0" if kind in LAYERS else ""
    names = [f"{part}_{side}{suffix}" for part in ("weight", "bias") for side in ("ih", "hh")]
    weights = {name: getattr(module, name, None) for name in names}
    cell = KINDS[kind]
    parts = recurrent_parts({n: w for n, w in weights.items() if w is not None}, cell)
    tensors = {name: torch.from_numpy(part)[None] for name, part in parts.items()}
    units = parts["recurrent"].shape[1]
    return driven(
        CELLS[cell](getattr(module, "nonlinearity", "tanh"), 1.0),
        Weights(
            **tensors,
            output=torch.empty(1, 0, units, dtype=torch.float64),
            output_bias=torch.empty(1, 0, dtype=torch.float64),
            initial_state=torch.zeros(1, CELLS[cell].state_blocks * units, dtype=torch.float64),
        ),
    )
