"""The file that holds a block's snapshots: written, read and checked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from rnnpipe.networks.snapshots import Snapshots
from rnnpipe.networks.weights_file import (
    BUFFERS,
    describe_cell,
    raw_parts,
    read_content,
    read_stack,
    require_like,
    write_tensors,
)
from rnnpipe.parameters import Settings
from rnnpipe.tables.artifacts import ArtifactError

FORMAT = "rnnpipe snapshots 1"


def save_snapshots(
    path: Path, snapshots: Snapshots, settings: Settings | Mapping[str, Any]
) -> None:
    """Write snapshots to a file that ``torch.load(..., weights_only=True)`` reads.

    `raw` has a row per snapshot, whose step and row of the block are in `steps` and `rows`;
    what the constraint fixes has a row per network of the block. It holds raw parameters alone:
    `load_snapshots` gives effective weights too.
    """
    networks, (first, _) = snapshots.networks, snapshots.at(0)
    content = {
        "format": FORMAT,
        "model": describe_cell(networks.cell),
        "seeds": list(snapshots.seeds),
        "regions": list(networks.regions),
        "steps": torch.from_numpy(snapshots.steps),
        "rows": torch.from_numpy(snapshots.rows),
        "raw": raw_parts(networks),
        **{name: getattr(first, name) for name in BUFFERS},
    }
    write_tensors(path, content, settings)


def load_snapshots(path: Path, expect: Mapping[str, Any] | None = None) -> Snapshots:
    """Snapshots from a file of `save_snapshots`; none where none were asked for.

    Parameters
    ----------
    expect
        Sizes and cell that the reader needs, as for `load_networks`.

    Raises
    ------
    ArtifactError
        If the file is damaged, foreign, holds other networks than expected, or does not hold as
        many snapshots as it says.
    """
    content = read_content(path, "file of snapshots", FORMAT)
    steps, rows, seeds = content["steps"], content["rows"], content["seeds"]
    kept = {len(steps), len(rows), *(len(part) for part in content["raw"].values())}
    if len(kept) > 1:
        raise ArtifactError(f"{path}: is damaged: steps, networks and weights differ in number")
    require_like(path, content, expect or {})
    networks = read_stack(path, content, rows)
    return Snapshots(networks, steps.numpy(), rows.numpy(), tuple(seeds))
