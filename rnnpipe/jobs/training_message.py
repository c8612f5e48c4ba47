"""What training says of its losses in its log, and how it is read there."""

import re
from dataclasses import dataclass

# Share of the steps between two lines of its log, though a line a second at most: as many as a
# curve on a terminal has columns, twice over.
LOG_SHARE = 0.02
_TEXT = re.compile(r"^loss (\S+), validation (\S+), (\d+) training$")


@dataclass(frozen=True)
class Losses:
    """Losses at a step, as means over the networks that still train.

    Attributes
    ----------
    loss, validation
        Training loss, and the last validation loss; NaN before there is one.
    training
        Number of networks that still train.
    """

    loss: float
    validation: float
    training: int

    def text(self) -> str:
        """How the log of training says it."""
        return f"loss {self.loss:.3g}, validation {self.validation:.3g}, {self.training} training"


def read_losses(text: str) -> Losses | None:
    """What `Losses.text` said; None for any other text."""
    if (match := _TEXT.match(text)) is None:
        return None
    return Losses(float(match[1]), float(match[2]), int(match[3]))
