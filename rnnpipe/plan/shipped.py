"""Where the workflow, its scripts and the experiments lie that travel with the package.

In a checkout they stand beside the package; a wheel carries them inside it, in one folder.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
# Where a wheel carries them; pyproject.toml puts them there.
INSIDE = PACKAGE / "shipped"


def workflow_folder() -> Path:
    """Return the folder of the Snakefile, its rules, profiles and schemas."""
    return shipped_root() / "workflow"


def scripts_folder() -> Path:
    """Return the folder of the scripts, one per rule."""
    return shipped_root() / "scripts"


def config_folder() -> Path:
    """Return the folder of the experiments to begin with."""
    return shipped_root() / "config"


def shipped_root() -> Path:
    """Return the folder in which the workflow, the scripts and the experiments lie."""
    return INSIDE if INSIDE.is_dir() else PACKAGE.parent
