"""The weights that training keeps at chosen steps."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnpipe.networks.snapshots import Snapshots
from rnnpipe.networks.stack import NetworkStack

COLUMNS = ("steps", "rows", "raw")


class Kept:
    """Copies of a block's weights at chosen steps, at step 0 and at each network's last step.

    Keeping them moves no weight and draws no number.

    Parameters
    ----------
    steps
        When weights are kept; where there are none, nothing is ever kept.
    content
        What was kept before a break.
    """

    def __init__(self, steps: Sequence[int], content: Mapping[str, Tensor] | None = None) -> None:
        self.steps = {0, *steps} if steps else set()
        self.pieces = [content] if content else []

    def offer(self, step: int, networks: np.ndarray, raw: Tensor) -> None:
        """Keep `raw` (network, parameter) of networks, rows of the block, if the step is chosen."""
        if step in self.steps:
            self._add(step, networks, raw)

    def offer_last(self, step: int, networks: np.ndarray, raw: Tensor) -> None:
        """Keep the weights of networks that end, unless `offer` has just kept them."""
        if self.steps and step not in self.steps and len(networks):
            self._add(step, networks, raw)

    def content(self) -> dict[str, Tensor]:
        """What is kept, a row per network and step; empty where nothing is."""
        if not self.pieces:
            return {}
        return {key: torch.cat([piece[key] for piece in self.pieces]) for key in COLUMNS}

    def snapshots(self, networks: NetworkStack, seeds: Sequence[int]) -> Snapshots:
        """The snapshots of the block of `networks`, sorted by step and network."""
        kept: dict[str, Any] = self.content()
        if not kept:
            return Snapshots.none(networks, seeds)
        order = np.lexsort((kept["rows"], kept["steps"]))
        steps, rows, raw = (kept[key][order] for key in COLUMNS)
        stack = networks.select(rows.to(networks.raw.device))
        stack.raw.copy_(raw)
        return Snapshots(stack, steps.numpy(), rows.numpy(), tuple(seeds))

    def _add(self, step: int, networks: np.ndarray, raw: Tensor) -> None:
        rows = torch.from_numpy(networks.copy())
        copy = raw.detach().to("cpu", copy=True)
        self.pieces.append({"steps": torch.full_like(rows, step), "rows": rows, "raw": copy})
