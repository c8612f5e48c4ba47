"""Where the workflow, its scripts and the experiments lie that travel with the package.

In a checkout they stand beside the package; a wheel carries them inside it, in one folder.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
# The folder inside the package; hatch_build.py puts there what a wheel carries.
INSIDE = "shipped"


def workflow_folder(package: Path = PACKAGE) -> Path:
    """Return the folder of the Snakefile, its rules, profiles and schemas."""
    return shipped_root(package) / "workflow"


def scripts_folder(package: Path = PACKAGE) -> Path:
    """Return the folder of the scripts, one per rule."""
    return shipped_root(package) / "scripts"


def config_folder(package: Path = PACKAGE) -> Path:
    """Return the folder of the experiments to begin with."""
    return shipped_root(package) / "config"


def shipped_root(package: Path = PACKAGE) -> Path:
    """Return the folder in which the workflow, the scripts and the experiments lie."""
    inside = package / INSIDE
    return inside if inside.is_dir() else package.parent
