"""Follow fixed points along an input: a pitchfork, and a fold on either side of hysteresis."""

import matplotlib.pyplot as plt
import numpy as np
import torch

import rnnpipe

MAPS = {
    "h' = tanh(x h)": (lambda h, x: torch.tanh(x * h), np.linspace(0.5, 2, 31)),
    "h' = tanh(2 h + x)": (lambda h, x: torch.tanh(2 * h + x), np.linspace(-1, 1, 31)),
}
states = np.random.default_rng(0).uniform(-1, 1, (200, 1))
figure, axes = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
for ax, (name, (step, values)) in zip(axes, MAPS.items(), strict=True):
    found = rnnpipe.find_branches(step, states, inputs=values[:1], values=values)
    found.plot(ax)
    for kind, value in zip(found.event_kind, found.event_value, strict=True):
        print(f"{name}: {kind} at x = {value:.9f}")
    ax.set(xlabel=f"x in {name}", ylabel="h")
figure.savefig("docs/branches.png", dpi=150)
