"""The ways to run the workflow elsewhere than in its clone, in folders that hold no code of it."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.workflow.checkout import Checkout

STARTUP = Path(__file__).parents[1] / "startup"
MODULE = """
module rnnpipe:
    snakefile: "{snakefile}"
    config: config
{more}

use rule * from rnnpipe as rnn_*
"""


class Elsewhere(Checkout):
    """A folder with an experiment and its results, and Snakemake run there in one of the ways."""

    alone = False

    def __init__(self, folder: Path, *where: str) -> None:
        self.folder, self.where = folder, ("--cores", "2", *where)

    def environment(self) -> dict[str, str]:
        """The environment of Snakemake; of an installed package, one that knows no checkout."""
        found = super().environment()
        if self.alone:
            found["PYTHONPATH"] = str(STARTUP)
        return found


def by_directory(folder: Path, clone: Path) -> Elsewhere:
    """``snakemake -s CLONE/workflow/Snakefile --directory FOLDER``."""
    return Elsewhere(folder, "-s", str(clone / "workflow/Snakefile"), "--directory", str(folder))


def by_module(folder: Path, clone: Path, prefix: str = "") -> Elsewhere:
    """A Snakefile that uses the workflow as a module, with a prefix if one is given."""
    more = f'    prefix: "{prefix}"' if prefix else ""
    text = MODULE.format(snakefile=clone / "workflow/Snakefile", more=more)
    (folder / "Snakefile").write_text(text)
    way = Elsewhere(folder)
    way.root = f"{prefix}/results" if prefix else "results"
    return way


def by_wheel(folder: Path, python: Path) -> Elsewhere:
    """An installed wheel, whose workflow lies in the package."""
    find = "from rnnpipe.plan.shipped import workflow_folder; print(workflow_folder())"
    way = Elsewhere(folder)
    way.python, way.alone = str(python), True
    # Not from the checkout, where Python would find the package there.
    asked = {"cwd": folder, "env": way.environment()}
    shown = subprocess.run(
        [python, "-c", find], capture_output=True, text=True, check=True, **asked
    )
    way.where += ("-s", f"{shown.stdout.strip()}/Snakefile")
    return way


def installed(clone: Path, folder: Path) -> Path:
    """The interpreter of a new environment in which a wheel of the clone is installed.

    What the package needs is found where this interpreter has it, but no checkout is: links to
    folders of code, which editable installations leave there, count only in this environment.
    """
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=clone, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    python = venv / "bin" / "python"
    paths = {"base": str(venv), "platbase": str(venv)}
    site = Path(sysconfig.get_path("purelib", vars=paths))
    (site / "needed.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*install, "--no-deps", "--no-index", "--no-compile", wheel], check=True)
    return python


def taken_along(finished: Checkout, way: Elsewhere) -> Elsewhere:
    """The way with the results of a finished checkout, and what Snakemake recorded of them."""
    shutil.copytree(finished.results, way.results)
    shutil.copytree(finished.folder / ".snakemake", way.folder / ".snakemake")
    return way
