"""Search networks that others published, and compare what is found with what is known of them.

A folder holds `.npz` files of three forms, told by their arrays:

- a module of torch's with a readout, by the names of its state_dict (`rnn.weight_hh_l0`, …);
  `states`: some that it visits; if known, `points`: its fixed points without input;
- a network of low rank, h' = h + α (−h + m nᵀ tanh(h) / N + Σ xᵢ sᵢ wᵢ): `m`, `n`, `alpha`, `wi`,
  `si`; `inputs`: those held, one per row; `points_by_unstable`: the numbers of points under
  each, by their number of unstable modes;
- several networks x' = −x + W tanh x: `W` (network, unit, unit); `points`: how many each has.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time
from typing import Any

import click
import numpy as np
import pandas as pd
import torch
from torch import nn

import rnnpipe
from rnnpipe.jobs.job import limit_threads

# A point that is as near as this to a known one, relative to the spread of the states, is it.
SAME = 1e-3
# Euler's step of networks in continuous time, over their time constant.
ALPHA = 0.1
# Number of states of the box from which those that come with no visited ones are searched.
STATES = 256
MODULES = {1: nn.RNN, 3: nn.GRU, 4: nn.LSTM}

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Row:
    """What a search found of one network under one input.

    Attributes
    ----------
    network, input, variables
        Which network; the input held; its number of state variables.
    known, found, beyond
        Points known of it (NaN: none are told), those of them that were found, and other ones.
    index_sum, certificate
        Of all points found; 1 and ``consistent`` where none is seen to be missing.
    seconds
        Processor time of the search.
    """

    network: str
    input: str
    variables: int
    known: float
    found: float
    beyond: float
    index_sum: float
    certificate: str
    seconds: float


def module_of(arrays: Arrays) -> nn.RNNBase:
    """The recurrent module of torch's whose weights a file holds."""
    own = {
        key.removeprefix("rnn."): torch.from_numpy(array)
        for key, array in arrays.items()
        if key.startswith("rnn.")
    }
    rows, units = own["weight_hh_l0"].shape
    module = MODULES[rows // units](own["weight_ih_l0"].shape[1], units)
    module.load_state_dict(own)
    return module


def low_rank_of(arrays: Arrays) -> rnnpipe.Network:
    """The network of low rank whose arrays a file holds."""
    return rnnpipe.network(
        "ctrnn",
        m=arrays["m"],
        n=arrays["n"],
        input=arrays["wi"],
        input_gain=arrays["si"],
        alpha=arrays["alpha"].item(),
        transposed=["input"],
        divided=["recurrent"],
    )


def searched(step: Any, states: np.ndarray, x: Any, seed: int) -> tuple[Any, float]:
    """The points of a search, and its processor seconds."""
    begin = process_time()
    points = rnnpipe.find_fixed_points(step, states, x, seed=seed)
    return points, process_time() - begin


def row_of(name: str, x: Any, points: Any, seconds: float, known: Any, met: int) -> Row:
    """One row, where `met` of the `known` points were found."""
    fixed = points.fixed()
    return Row(
        name,
        "none" if x is None else " ".join(f"{value:g}" for value in x),
        fixed.states.shape[1],
        known,
        met if known == known else np.nan,
        len(fixed) - met if known == known else np.nan,
        points.index_sum,
        ", ".join(points.searches["certificate"]),
        seconds,
    )


def rows_of_module(name: str, arrays: Arrays, seed: int) -> Iterator[Row]:
    """The row of a module of torch's."""
    module = module_of(arrays)
    states = arrays.get("states")
    if states is None:
        state_size = module.hidden_size * (1 + isinstance(module, nn.LSTM))
        states = np.random.default_rng(seed).uniform(-1, 1, (STATES, state_size))
    points, seconds = searched(module, states, None, seed)
    if "points" not in arrays:
        yield row_of(name, None, points, seconds, np.nan, 0)
        return
    known, fixed = arrays["points"], points.fixed().states
    distance = np.linalg.norm(known[:, None] - fixed[None], axis=-1)
    met = distance.min(axis=1, initial=np.inf) < SAME * points.spread
    yield row_of(name, None, points, seconds, len(known), int(met.sum()))


def rows_of_low_rank(name: str, arrays: Arrays, seed: int) -> Iterator[Row]:
    """A row per input of a network of low rank."""
    network = low_rank_of(arrays)
    for x, known in zip(arrays["inputs"], arrays["points_by_unstable"], strict=True):
        states = network.random_states(STATES, x, seed)
        points, seconds = searched(network, states, x, seed)
        counts = np.bincount(points.fixed().unstable, minlength=len(known))[: len(known)]
        met = int(np.minimum(counts, known).sum())
        yield row_of(name, x, points, seconds, int(known.sum()), met)


def rows_of_stack(name: str, arrays: Arrays, seed: int) -> Iterator[Row]:
    """A row per network of a stack."""
    for number, (W, known) in enumerate(zip(arrays["W"], arrays["points"], strict=True)):
        network = rnnpipe.network("ctrnn", recurrent=W, alpha=ALPHA)
        points, seconds = searched(network, network.random_states(STATES, seed=seed), None, seed)
        met = min(len(points.fixed()), int(known))
        yield row_of(f"{name} {number}", None, points, seconds, int(known), met)


def rows_of(path: Path, seed: int) -> Iterator[Row]:
    """The rows of one file."""
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    forms = {"rnn.weight_hh_l0": rows_of_module, "m": rows_of_low_rank, "W": rows_of_stack}
    for key, form in forms.items():
        if key in arrays:
            yield from form(path.stem, arrays, seed)


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per set: networks, those of which all is found, and how the certificates judge."""
    names = rows["network"].str.replace(r"(_\d+_i\d+| \d+)$", "", regex=True)
    complete = (rows["found"] == rows["known"]) & (rows["beyond"] == 0) | rows["known"].isna()
    facts = rows.assign(
        searches=1,
        exact=complete,
        missed=rows["known"] - rows["found"],
        consistent=rows["certificate"] == "consistent",
        unnoticed=~complete & (rows["certificate"] == "consistent"),
    )
    columns = ["searches", "exact", "missed", "beyond", "consistent", "unnoticed", "seconds"]
    return facts.groupby(names, sort=False)[columns].sum().rename_axis("set")


@click.command(context_settings={"show_default": True})
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--seed", default=0, help="Of the searches.")
@click.option("--only", default="*", help="Pattern of the files' names, without .npz.")
@click.option("--csv", type=click.Path(path_type=Path), help="Write all rows to this file too.")
def main(folder: Path, seed: int, only: str, csv: Path | None) -> None:
    """Search the networks of FOLDER on one thread; print a row per network, then one per set."""
    limit_threads(1)
    rows = [
        asdict(row) for file in sorted(folder.glob(f"{only}.npz")) for row in rows_of(file, seed)
    ]
    table = pd.DataFrame(rows)
    if table.empty:
        raise click.ClickException(f"{folder} holds no such networks")
    with pd.option_context("display.width", 200, "display.max_rows", None):
        click.echo(table.to_string(index=False, float_format="{:g}".format))
        click.echo("\nunnoticed: points are missing, and the certificate is consistent\n")
        click.echo(summary(table).to_string(float_format="{:.1f}".format))
    if csv is not None:
        table.to_csv(csv, index=False)


if __name__ == "__main__":
    main()
