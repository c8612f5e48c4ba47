"""Tasks that a file belongs to: its content, and a hash that tells whether it is still the same.

The hash is among the settings of every job: an edited file runs again what depends on it,
a file that was only touched does not.
"""

from abc import abstractmethod
from typing import Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.given_files import CONTENT_HASH, content_hash
from rnnpipe.tasks.base import TaskWithSettings


class TaskFromFile(TaskWithSettings):
    """A task that a file belongs to.

    A job is told the hash of the file's content, and refuses another content.
    """

    planned_content: SkipJsonSchema[str | None] = Field(None, alias=CONTENT_HASH)

    @property
    @abstractmethod
    def file(self) -> str:
        """Path of the file, relative to the working directory."""

    def learn(self) -> None:
        """Compare the file with the one that the job was planned with."""
        if self.planned_content not in (None, content_hash(self.file)):
            message = "has changed since this job was planned; run the workflow again"
            raise SettingsError([Fault("", f"{self.file}: {message}")])

    def definition(self) -> dict[str, Any]:
        """Return the settings with a hash of the file's content, so that an edit counts."""
        return {**super().definition(), CONTENT_HASH: content_hash(self.file)}
