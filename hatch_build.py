"""Build hook: what a wheel carries beside the package's own files, and of which commit it is.

Nothing is written into the checkout.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# What stands beside the package in a checkout stands inside it in a wheel: rnnpipe/plan/shipped.py.
SHIPPED = ("workflow", "scripts", "config", "environment.yml")
INSIDE = "rnnpipe/shipped"
LINK = "workflow/profiles"
# Where results take the commit from; a source distribution carries it on to its wheels.
COMMIT = "rnnpipe/commit.txt"


class ShippedHook(BuildHookInterface):
    """Adds the workflow and the commit; an editable installation finds both in the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files that are to be added."""
        if version == "editable":
            return
        self.made = tempfile.TemporaryDirectory()
        added, made = build_data["force_include"], Path(self.made.name)
        if self.target_name == "wheel":
            added.update({part: f"{INSIDE}/{part}" for part in SHIPPED})
        # A source distribution leaves out links to folders; a copy takes its place.
        elif (link := Path(self.root, LINK)).is_symlink():
            shutil.copytree(link, made / link.name)
            added[str(made / link.name)] = LINK
        if not Path(self.root, COMMIT).is_file():
            (made / "commit").write_text(f"{commit(self.root)}\n", encoding="utf-8")
            added[str(made / "commit")] = COMMIT

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made for the build alone."""
        if version != "editable":
            self.made.cleanup()


def commit(root: str) -> str:
    """Return the commit that is checked out; empty where that is not known."""
    command = ["git", "-C", root, "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
