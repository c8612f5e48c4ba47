"""Maps of which it is known where their runs end."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from rnnpipe.dynamics.maps import Dynamics


def differentiated(step):
    """The Jacobian of a step by automatic differentiation; rows do not mix."""

    def jacobian(h):
        with torch.enable_grad():
            h = h.detach().requires_grad_(True)
            moved = step(h)
            rows = [
                torch.autograd.grad(moved[:, i].sum(), h, retain_graph=True)[0]
                for i in range(h.shape[1])
            ]
        return torch.stack(rows, dim=1).detach()

    return jacobian


def map_of(step, units, bound=None):
    """A map by its step, in a cube around 0 if there is a bound."""
    corner = None if bound is None else torch.full((units,), float(bound), dtype=torch.float64)
    box = None if corner is None else (-corner, corner)
    return Dynamics(step, differentiated(step), units, box)


@dataclass(frozen=True)
class Known:
    """A step and what it does to directions, (batch, unit) and (batch, k, unit)."""

    step: Callable
    push: Callable
    units: int

    def dynamics(self):
        """The map, whose Jacobian is what it does to the unit vectors."""
        one = torch.eye(self.units, dtype=torch.float64)

        def linear(h):
            return lambda v: self.push(h, v)

        def jacobian(h):
            return self.push(h, one.expand(len(h), -1, -1)).mT

        return Dynamics(self.step, jacobian, self.units, linear=linear)


def turning(rotation, radius=1.0, growth=0.3):
    """Normal form of a Neimark-Sacker bifurcation: z' = (1 + g - g |z|² / r²) e^(2 pi i rho) z.

    The circle of radius r attracts, with the multiplier 1 - 2 g, and turns by rho; 0 repels.
    """
    angle = 2 * np.pi * rotation
    turn = torch.tensor(
        [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]], dtype=torch.float64
    )

    def scale(h):
        return 1 + growth - growth * (h / radius).square().sum(-1, keepdim=True)

    def push(h, v):
        h = h[:, None]
        slope = -2 * growth / radius**2 * (h * v).sum(-1, keepdim=True)
        return scale(h) * (v @ turn) + slope * (h @ turn)

    return Known(lambda h: scale(h) * (h @ turn), push, 2)


def beside(one, other):
    """Two maps one beside the other."""
    cut = one.units

    def step(h):
        return torch.cat([one.step(h[:, :cut]), other.step(h[:, cut:])], dim=1)

    def push(h, v):
        parts = one.push(h[:, :cut], v[..., :cut]), other.push(h[:, cut:], v[..., cut:])
        return torch.cat(parts, dim=2)

    return Known(step, push, cut + other.units)


def shrinking(units, share=0.3):
    """h' = share · h."""
    return Known(lambda h: share * h, lambda h, v: share * v, units)


def switches(units):
    """h' = tanh(2 h)."""
    return Known(
        lambda h: torch.tanh(2 * h),
        lambda h, v: 2 * (1 - torch.tanh(2 * h[:, None]) ** 2) * v,
        units,
    )


def embedded(known, units, seed=0):
    """A map in a space of many, in coordinates that mix all of them; what is across shrinks."""
    random = np.random.default_rng(seed).standard_normal((units, units))
    basis = torch.from_numpy(np.linalg.qr(random)[0])
    whole = beside(known, shrinking(units - known.units))
    moved = Known(
        lambda h: whole.step(h @ basis) @ basis.T,
        lambda h, v: whole.push(h @ basis, v @ basis) @ basis.T,
        units,
    )
    return moved, basis.numpy()


def logistic(r):
    """h' = r h (1 - h)."""
    return Dynamics(lambda h: r * h * (1 - h), lambda h: (r * (1 - 2 * h))[..., None], 1)


def henon():
    """x' = 1 - 1.4 x² + y, y' = 0.3 x (Hénon 1976); exponents 0.419 and ln 0.3 - 0.419."""

    def step(h):
        return torch.stack([1 - 1.4 * h[:, 0] ** 2 + h[:, 1], 0.3 * h[:, 0]], dim=1)

    def push(h, v):
        x = h[:, :1]
        return torch.stack([-2.8 * x * v[..., 0] + v[..., 1], 0.3 * v[..., 0]], dim=2)

    return Known(step, push, 2)


def observed(known):
    """A planar map z beside which stand 10 Re z² and 10 Im z³ of its next state."""

    def seen(z):
        return torch.stack([10 * (z**2).real, 10 * (z**3).imag], dim=-1)

    def pushed(z, w):
        return torch.stack([20 * (z * w).real, 30 * (z**2 * w).imag], dim=-1)

    def as_complex(h):
        return torch.complex(h[..., 0].contiguous(), h[..., 1].contiguous())

    def step(h):
        inner = known.step(h[:, :2])
        return torch.cat([inner, seen(as_complex(inner))], dim=1)

    def push(h, v):
        inner, moved = known.step(h[:, :2]), known.push(h[:, :2], v[..., :2])
        return torch.cat([moved, pushed(as_complex(inner)[:, None], as_complex(moved))], dim=2)

    return Known(step, push, 4)


def cube_states(units, count=200, bound=1.0):
    """States anywhere in a cube."""
    return np.random.default_rng(0).uniform(-bound, bound, (count, units))
