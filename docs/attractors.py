"""A clock that holds one bit: two units that turn, and one that stays up or down."""

import matplotlib.pyplot as plt
import numpy as np

import rnnpipe

W = np.array([[1.5, -2.0, 0.0], [2.0, 1.5, 0.0], [0.3, 0.0, 2.0]])
network = rnnpipe.network("ctrnn", recurrent=W, dt=20, tau=100)
states = network.random_states()

print(rnnpipe.find_fixed_points(network, states), "\n")
attractors = rnnpipe.find_attractors(network, states)
print(attractors)

figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained")
attractors.plot(left)
for number, one in enumerate(attractors):
    turns = np.concatenate([one.states, one.states])
    times = np.concatenate([one.times, one.times + one.period])
    right.plot(times, turns[:, 2], label=f"{number}: {one.kind}")
right.set(xlabel="steps, two turns", ylabel="unit 2")
right.legend(frameon=False)
figure.savefig("docs/attractors.png", dpi=150)
