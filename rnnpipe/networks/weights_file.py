"""The file that holds the weights of a block's networks: written, read and checked."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from rnnpipe.given_files import GivenFileError
from rnnpipe.networks.cells import Cell
from rnnpipe.networks.own_cells import cell_of
from rnnpipe.networks.stack import NetworkStack, parameter_rows
from rnnpipe.networks.torch_file import read_tensors
from rnnpipe.parameters import Settings
from rnnpipe.settings.sections.training import PARTS
from rnnpipe.tables.artifacts import ArtifactError, write_bytes
from rnnpipe.tables.provenance import IN_WEIGHTS, provenance

FORMAT = "rnnpipe weights 1"
# The constraint's tensors of a stack.
BUFFERS = ("mask", "sign", "input_mask", "output_mask")


def save_networks(
    path: Path, networks: NetworkStack, seeds: Sequence[int], settings: Settings | Mapping[str, Any]
) -> None:
    """Write networks to a file that ``torch.load(..., weights_only=True)`` reads.

    Those of low rank have m and n (network, unit, rank) in it, of W = m nᵀ / units.
    """
    effective, factors = networks.weights(), networks.factors()
    content = {
        "format": FORMAT,
        "model": describe_cell(networks.cell),
        "seeds": list(seeds),
        "regions": list(networks.regions),
        "raw": raw_parts(networks),
        "effective": {name: getattr(effective, name).clone() for name in PARTS},
        **({} if factors is None else {"factors": {"m": factors[0], "n": factors[1]}}),
        **{name: getattr(networks, name) for name in BUFFERS},
    }
    write_tensors(path, content, settings)


def load_networks(
    path: Path, expect: Mapping[str, int | float | str] | None = None
) -> tuple[NetworkStack, list[int]]:
    """Networks and their seeds from a file of `save_networks`.

    Parameters
    ----------
    expect
        Sizes and cell that the reader needs: any of `units`, `inputs`,
        `outputs`, `cell`, `activation`, `alpha`.

    Raises
    ------
    ArtifactError
        If the file is damaged, foreign, or holds other networks than expected.
    """
    content = read_content(path, "weights file", FORMAT)
    require_like(path, content, expect or {})
    return read_stack(path, content), content["seeds"]


def require_like(path: Path, content: Mapping[str, Any], expect: Mapping[str, Any]) -> None:
    """Refuse a file's content with other sizes or another cell than expected: `ArtifactError`."""
    raw = content["raw"]
    found = {
        **content["model"],
        "units": raw["recurrent"].shape[2],
        "inputs": raw["input"].shape[2],
        "outputs": raw["output"].shape[1],
    }
    for key, value in expect.items():
        if found[key] != value:
            raise ArtifactError(
                f"{path}: holds networks with {key} = {found[key]}; {value} is needed"
            )


def read_stack(path: Path, content: Mapping[str, Any], rows: Tensor | None = None) -> NetworkStack:
    """The stack of the raw parameters in a file's content.

    Parameters
    ----------
    rows
        Network whose constraint's tensors go with each row of parameters; by default its own.

    Raises
    ------
    ArtifactError
        If the file of the networks' own cell cannot be used.
    """
    raw = content["raw"]
    buffers = (content[name] for name in BUFFERS)
    return NetworkStack(
        read_cell(path, content["model"]),
        parameter_rows(raw),
        {name: tuple(raw[name].shape[1:]) for name in PARTS},
        *(buffer if rows is None else buffer[rows] for buffer in buffers),
        tuple(content["regions"]),
    )


def write_tensors(
    path: Path, content: Mapping[str, Any], settings: Settings | Mapping[str, Any]
) -> None:
    """Write tensors and how they were made; equal content gives equal bytes."""
    buffer = io.BytesIO()  # a file name would be written into the archive
    torch.save({**content, IN_WEIGHTS: provenance(settings)}, buffer)
    write_bytes(path, buffer.getvalue())


def raw_parts(networks: NetworkStack) -> dict[str, Tensor]:
    """The raw parameters by name, each in memory of its own."""
    return {name: part.detach().clone() for name, part in networks.parts().items()}


def describe_cell(cell: Cell) -> dict[str, Any]:
    """Write a cell as numbers and texts, from which `read_cell` makes it again."""
    return {
        "cell": cell.kind,
        "activation": cell.activation.name,
        "alpha": cell.alpha,
        "noise": cell.noise,
        **({"own": dict(cell.own)} if cell.own else {}),
    }


def read_cell(path: Path, model: Mapping[str, Any]) -> Cell:
    """The cell of a file's networks; `ArtifactError` if its own file cannot be used."""
    settings = (model["cell"], model["activation"], model["alpha"], model["noise"])
    try:
        return cell_of(*settings, model.get("own"))
    except GivenFileError as error:
        raise ArtifactError(f"{path}: the cell of its networks: {error}") from error


def read_content(path: Path, what: str, form: str) -> dict[str, Any]:
    """Read a file of `write_tensors`.

    Raises
    ------
    ArtifactError
        If it is missing, damaged, or does not bear the format `form`.
    """
    content = read_tensors(path, what, "rnnpipe's training writes it")
    if not isinstance(content, dict) or content.get("format") != form:
        raise ArtifactError(f"{path}: is no {what} that rnnpipe wrote (format {form!r})")
    return content
