"""The checkpoint of long work: the file from which a killed job resumes."""

import io
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from rnnpipe.jobs.processes import Interrupted, Interruption
from rnnpipe.networks.torch_file import read_tensors
from rnnpipe.tables.artifacts import ArtifactError, write_bytes


class CheckpointFile:
    """Write the state of long work to a file at intervals, and when asked to stop.

    Parameters
    ----------
    path
        The file; it exists only while its job has not ended.
    identity
        What the numbers depend on. A file of another identity is not resumed from.
    every
        Seconds between two checkpoints.
    interruption
        Says when to stop.
    work
        What the work is called.
    """

    def __init__(
        self,
        path: Path,
        identity: str,
        every: float,
        interruption: Interruption,
        work: str = "training",
    ) -> None:
        self.anew = f"{work} begins anew"
        self.path, self.identity, self.every = Path(path), identity, every
        self.interruption = interruption
        self.resumed_at = 0
        self._written = time.monotonic()

    def load(self) -> Mapping[str, Any] | None:
        """Read the last state; ``None`` if there is no file, or none to go on from.

        A file that is damaged or belongs to another job is told of on stderr, the job's log.
        """
        if not self.path.exists():
            return None
        try:
            kept = read_tensors(self.path, "checkpoint", self.anew)
        except ArtifactError as error:
            print(error, file=sys.stderr, flush=True)
            return None
        if not isinstance(kept, dict) or kept.get("identity") != self.identity:
            other = "was left by a job of other settings or code, or by another version of torch"
            print(f"{self.path}: {other}; {self.anew}", file=sys.stderr, flush=True)
            return None
        self.resumed_at = kept["step"]
        return kept["content"]

    def asked(self) -> bool:
        """Return whether the work is to stop at once."""
        return bool(self.interruption.name)

    def offer(self, step: int, content: Callable[[], Mapping[str, Any]]) -> None:
        """Write the state if it is due, or if the work is to stop.

        Raises
        ------
        Interrupted
            If the work is to stop; the state is then on disk.
        """
        if not self.asked() and time.monotonic() - self._written < self.every:
            return
        buffer = io.BytesIO()
        torch.save({"identity": self.identity, "step": step, "content": content()}, buffer)
        write_bytes(self.path, buffer.getvalue())
        self._written = time.monotonic()
        if self.asked():
            name = self.interruption.name
            raise Interrupted(f"stopped by {name} at step {step}; run again, it goes on from there")

    def remove(self) -> None:
        """Delete the file, since the job is done."""
        self.path.unlink(missing_ok=True)
