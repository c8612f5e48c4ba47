"""What inputs reach a network's state, and what its outputs show of it: derivatives at states."""

import numpy as np
import torch

from rnnpipe.networks.stack import NetworkStack


def output_jacobian(networks: NetworkStack, network: int, states: np.ndarray) -> np.ndarray:
    """Return the derivative (point, output, unit) of outputs at states (point, unit)."""
    one = networks.select([network]).double()
    at = torch.from_numpy(states).requires_grad_()
    outputs = one.readout(at[None, None])[0, 0]
    # No point's output depends on another point's state, so the gradient of a sum has all.
    rows = [torch.autograd.grad(o.sum(), at, retain_graph=True)[0] for o in outputs.unbind(1)]
    return torch.stack(rows, dim=1).numpy()


def input_jacobian(
    networks: NetworkStack, network: int, states: np.ndarray, x: np.ndarray
) -> np.ndarray:
    """Return the derivative (point, unit, input) of a network's update by its input x (input,)."""
    rows = torch.as_tensor(x, dtype=torch.float64).expand(len(states), -1)
    return networks.driven(network).input_jacobian(torch.from_numpy(states), rows).numpy()
