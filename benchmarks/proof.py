"""Time the proof that all fixed points are known, by rank and number of units.

Random networks of currents (tanh), W = m nᵀ, m Gaussian and n = 2 (ξ / √N + m / N) with ξ
Gaussian, under a random input. Trained networks, whose loadings lean more towards each other,
take fewer boxes.
"""

from statistics import median
from time import process_time

import click
import numpy as np
import pandas as pd
import torch

import rnnpipe
from rnnpipe.dynamics.proof import prove
from rnnpipe.jobs.job import limit_threads

UNITS = (3, 16, 64, 256, 512)
RANKS = (1, 2, 3)
GAIN, INPUT = 2.0, 0.3


def network(units: int, rank: int, seed: int) -> rnnpipe.Network:
    """A network of random loadings."""
    rng = np.random.default_rng(seed)
    m = rng.standard_normal((units, rank))
    n = GAIN * (rng.standard_normal((units, rank)) / np.sqrt(units) + m / units)
    return rnnpipe.network("ctrnn", m=m, n=n, bias=INPUT * rng.standard_normal(units))


def row(units: int, rank: int, seeds: int, boxes: int) -> dict[str, float]:
    """Proofs of a few networks as a row."""
    proofs, seconds = [], []
    for seed in range(seeds):
        rates = network(units, rank, seed).driven.held(torch.empty(0, dtype=torch.float64)).rates
        begin = process_time()
        proofs.append(prove(rates, most_boxes=boxes))
        seconds.append(process_time() - begin)
    return {
        "rank": rank,
        "units": units,
        "proved": f"{sum(proof.complete for proof in proofs)} of {seeds}",
        "points": ", ".join(str(len(proof.states)) for proof in proofs),
        "boxes": median(proof.boxes for proof in proofs),
        "seconds": median(seconds),
    }


@click.command(context_settings={"show_default": True})
@click.option("--seeds", default=3, help="Networks of each rank and number of units.")
@click.option("--boxes", default=100_000, help="Most boxes of a proof.")
def main(seeds: int, boxes: int) -> None:
    """Print a row per rank and number of units: proofs, boxes, processor seconds; one thread."""
    limit_threads(1)
    rows = [row(units, rank, seeds, boxes) for rank in RANKS for units in UNITS if rank <= units]
    click.echo(pd.DataFrame(rows).to_string(index=False, float_format="{:.3g}".format))


if __name__ == "__main__":
    main()
