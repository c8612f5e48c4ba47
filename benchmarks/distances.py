"""Time the distances of all pairs of a population, against a loop over pairs.

Networks are synthetic: states of decaying variance whose components are partly common,
skeletons of a 3-bit flip-flop with noise in readouts, transitions and eigenvalues.
Reading and reducing a network is timed with what it is read for. The loop takes the
same function to two networks at a time; it is timed on a sample of pairs and
extrapolated to all.
"""

import resource
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from time import perf_counter

import click
import numpy as np
import pandas as pd

from rnnpipe.population.similarity.distributions import (
    cost_profile,
    gromov_distances,
    singular_profile,
    weight_distances,
)
from rnnpipe.population.similarity.function import function_distances
from rnnpipe.population.similarity.geometry import geometric_distances
from rnnpipe.population.similarity.reduction import Reduced, reduce
from rnnpipe.population.similarity.rsa import dissimilarities, rsa
from rnnpipe.population.similarity.skeleton import Skeleton
from rnnpipe.population.similarity.spectra import leading_eigenvalues, spectral_distances
from rnnpipe.population.similarity.topology import topology_distances

UNITS, SAMPLES, OUTPUTS, COMPONENTS = 64, 4096, 3, 10
WIDTH = 0.5
PAIRS = 50


@dataclass(frozen=True)
class Kind:
    """One kind of distance: the features of each network, and the distances between several."""

    make: Callable[[int], object]
    distances: Callable[[list], object]


def states(network: int, shared: np.ndarray) -> np.ndarray:
    """States (sample, unit) that share half of their variance with other networks."""
    rng = np.random.default_rng(network)
    own = rng.standard_normal((len(shared), COMPONENTS))
    latent = (shared + own) * np.geomspace(1, 0.05, COMPONENTS)
    return latent @ rng.standard_normal((COMPONENTS, UNITS)) + 1e-3 * rng.standard_normal(UNITS)


def skeleton(network: int) -> Skeleton:
    """A skeleton of 27 points near the corners, edges, faces and centre of a cube."""
    rng = np.random.default_rng(network)
    corners = np.array(list(product([-1.0, 0.0, 1.0], repeat=OUTPUTS)))
    unstable = (corners == 0).sum(1)
    readouts = corners + 0.1 * rng.standard_normal(corners.shape)
    near = np.exp(-4 * ((corners[:, None] - corners) ** 2).sum(-1)) * (unstable == 0)
    reached = near * rng.uniform(0.5, 1.5, near.shape)
    lost = 0.01 * rng.random((len(corners), 1))
    transitions = np.hstack([(1 - lost) * reached / reached.sum(1, keepdims=True), lost])
    return Skeleton(readouts, np.zeros(len(corners), int), unstable, transitions)


def spectrum(network: int) -> tuple[Skeleton, np.ndarray]:
    """The skeleton with its eigenvalues."""
    rng = np.random.default_rng(network)
    found = skeleton(network)
    values = rng.standard_normal((2, found.points, UNITS))
    return found, leading_eigenvalues(values[0] + 1j * values[1])


def outputs(network: int, targets: np.ndarray) -> np.ndarray:
    """Outputs (sample, output) close to the targets."""
    return targets + 0.05 * np.random.default_rng(network).standard_normal(targets.shape)


def kinds(samples: int) -> dict[str, Kind]:
    """Return the distances that are timed, by name."""
    rng = np.random.default_rng(0)
    shared = rng.standard_normal((samples, COMPONENTS))
    targets = rng.choice([-1.0, 1.0], (samples, OUTPUTS))
    return {
        "rsa": Kind(lambda n: dissimilarities(states(n, shared)), lambda made: rsa(np.array(made))),
        "topology": Kind(skeleton, lambda made: topology_distances(made, WIDTH)),
        "gromov": Kind(
            lambda n: cost_profile(skeleton(n).transitions),
            lambda made: gromov_distances(np.array(made)),
        ),
        "spectra": Kind(spectrum, lambda made: spectral_distances(*zip(*made, strict=True), WIDTH)),
        "function": Kind(
            lambda n: outputs(n, targets),
            lambda made: function_distances(np.array(made), targets),
        ),
        "weights": Kind(
            lambda n: singular_profile(
                np.random.default_rng(n).standard_normal((UNITS, UNITS)) / np.sqrt(UNITS)
            ),
            lambda made: weight_distances(np.array(made)),
        ),
    }


def geometry_row(networks: int, samples: int) -> dict[str, float]:
    """SVCCA, Procrustes and CKA, which share one pass."""
    shared = np.random.default_rng(0).standard_normal((samples, COMPONENTS))
    begin = perf_counter()
    parts = [reduce(states(n, shared), COMPONENTS) for n in range(networks)]
    reduced = Reduced(*map(np.stack, zip(*parts, strict=True)))
    made = perf_counter()
    geometric_distances(reduced)
    done = perf_counter()

    def two(i: int, j: int) -> object:
        pair = np.array([i, j])
        return geometric_distances(Reduced(reduced.basis[pair], reduced.scale[pair]))

    return row("svcca, procrustes, cka", networks, made - begin, done - made, two)


def kind_row(name: str, kind: Kind, networks: int) -> dict[str, float]:
    """Any other distance."""
    begin = perf_counter()
    made = [kind.make(n) for n in range(networks)]
    ready = perf_counter()
    kind.distances(made)
    done = perf_counter()
    return row(
        name,
        networks,
        ready - begin,
        done - ready,
        lambda i, j: kind.distances([made[i], made[j]]),
    )


def row(
    name: str, networks: int, make: float, all_pairs: float, two: Callable[[int, int], object]
) -> dict[str, float]:
    """A row of the table; the loop is timed on some pairs and extrapolated."""
    rng = np.random.default_rng(1)
    chosen = [rng.choice(networks, 2, replace=False) for _ in range(PAIRS)]
    seconds = []
    for i, j in chosen:
        begin = perf_counter()
        two(i, j)
        seconds.append(perf_counter() - begin)
    # The median: what else the machine does falls on single pairs.
    loop = float(np.median(seconds)) * networks * (networks - 1) / 2
    return {
        "networks": networks,
        "distance": name,
        "make s": make,
        "all pairs s": all_pairs,
        "loop s (extrapolated)": loop,
        "loop / all pairs": loop / all_pairs,
    }


@click.command(context_settings={"show_default": True})
@click.option("--networks", multiple=True, default=(100, 300, 1000), help="Sizes of population.")
@click.option("--samples", default=SAMPLES, help="Samples of the states and outputs.")
def main(networks: tuple[int, ...], samples: int) -> None:
    """Time all distances but DSA on synthetic populations."""
    click.echo(
        f"Distances of all pairs: {UNITS} units, {samples} samples, {COMPONENTS} components, "
        f"skeletons of 27 points. The loop is timed on {PAIRS} pairs and extrapolated. "
        "'make' simulates, reads and reduces the networks."
    )
    for number in sorted(networks):
        rows = [geometry_row(number, samples)]
        rows += [kind_row(name, kind, number) for name, kind in kinds(samples).items()]
        table = pd.DataFrame(rows)
        click.echo(table.to_string(index=False, float_format="{:.2f}".format))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        total = table["all pairs s"].sum()
        click.echo(
            f"All of them, {number} networks: {total:.1f} s, with making "
            f"{total + table['make s'].sum():.1f} s, the loop "
            f"{table['loop s (extrapolated)'].sum():.0f} s; peak memory so far {peak:.2f} GiB.\n"
        )


if __name__ == "__main__":
    main()
