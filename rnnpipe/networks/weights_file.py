"""The file that holds the weights of a block's networks: written, read and checked."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rnnpipe.given_files import GivenFileError
from rnnpipe.networks.cells import Cell
from rnnpipe.networks.own_cells import cell_of
from rnnpipe.networks.stack import NetworkStack, parameter_row
from rnnpipe.networks.torch_file import read_tensors
from rnnpipe.parameters import Settings
from rnnpipe.settings.sections.training import PARTS
from rnnpipe.tables.artifacts import ArtifactError, write_bytes
from rnnpipe.tables.provenance import IN_WEIGHTS, provenance

FORMAT = "rnnpipe weights 1"


def save_networks(
    path: Path, networks: NetworkStack, seeds: Sequence[int], settings: Settings
) -> None:
    """Write networks to a file that ``torch.load(..., weights_only=True)`` reads.

    Those of low rank have m and n (network, unit, rank) in it, of W = m nᵀ / units.
    """
    effective, cell = networks.weights(), networks.cell
    factors = networks.factors()
    content = {
        "format": FORMAT,
        "model": {
            "cell": cell.kind,
            "activation": cell.activation.name,
            "alpha": cell.alpha,
            "noise": cell.noise,
            **({"own": dict(cell.own)} if cell.own else {}),
        },
        "seeds": list(seeds),
        "regions": list(networks.regions),
        "raw": {name: part.clone() for name, part in networks.parts().items()},
        "effective": {name: getattr(effective, name).clone() for name in PARTS},
        **({} if factors is None else {"factors": {"m": factors[0], "n": factors[1]}}),
        "mask": networks.mask,
        "sign": networks.sign,
        "input_mask": networks.input_mask,
        "output_mask": networks.output_mask,
        IN_WEIGHTS: provenance(settings),
    }
    buffer = io.BytesIO()  # a file name would be written into the archive
    torch.save(content, buffer)
    write_bytes(path, buffer.getvalue())


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
    content = _read_weights(path)
    raw, model = content["raw"], content["model"]
    found = {
        **model,
        "units": raw["recurrent"].shape[2],
        "inputs": raw["input"].shape[2],
        "outputs": raw["output"].shape[1],
    }
    for key, value in (expect or {}).items():
        if found[key] != value:
            raise ArtifactError(
                f"{path}: holds networks with {key} = {found[key]}; {value} is needed"
            )
    rows = [{name: raw[name][i].numpy() for name in PARTS} for i in range(len(content["seeds"]))]
    networks = NetworkStack(
        _cell(path, model),
        torch.from_numpy(np.stack([parameter_row(row) for row in rows])),
        {name: tuple(raw[name].shape[1:]) for name in PARTS},
        *(content[name] for name in ("mask", "sign", "input_mask", "output_mask")),
        tuple(content["regions"]),
    )
    return networks, content["seeds"]


def _cell(path: Path, model: Mapping[str, Any]) -> Cell:
    """The cell of a file's networks; `ArtifactError` if its own file cannot be used."""
    settings = (model["cell"], model["activation"], model["alpha"], model["noise"])
    try:
        return cell_of(*settings, model.get("own"))
    except GivenFileError as error:
        raise ArtifactError(f"{path}: the cell of its networks: {error}") from error


def _read_weights(path: Path) -> dict[str, Any]:
    content = read_tensors(path, "weights file", "rnnpipe's training writes it")
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ArtifactError(f"{path}: is no weights file that rnnpipe wrote (format {FORMAT!r})")
    return content
