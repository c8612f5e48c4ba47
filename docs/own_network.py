"""Train a plain `torch.nn.GRU` to hold two bits, then find and draw its fixed points."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

import rnnpipe
from rnnpipe.tasks import FlipFlop

task, rng = FlipFlop(bits=2), np.random.default_rng(0)
torch.manual_seed(0)
gru, readout = nn.GRU(2, 32, batch_first=True), nn.Linear(32, 2)
parameters = [*gru.parameters(), *readout.parameters()]
optimizer = torch.optim.Adam(parameters, lr=0.01)
for _ in range(400):
    trials = task.sample(64, rng)
    states, _ = gru(torch.from_numpy(trials.inputs))
    loss = (readout(states) - torch.from_numpy(trials.targets)).square().mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()
print(f"loss {loss.item():.4f}")

points = rnnpipe.find_fixed_points(gru, states)
print(points)
print(points.to_frame()[["class", "q", "hits", "time_constant"]].round(3))

figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.6), layout="constrained")
points.plot(left)
points.plot_spectrum(right)
figure.savefig("docs/own_network.png", dpi=150)
