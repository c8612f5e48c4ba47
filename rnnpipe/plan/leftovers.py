"""What a results folder holds of blocks that no experiment names, and of rules that are gone."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from pathlib import Path

from rnnpipe.plan.paths import experiment_folder
from rnnpipe.plan.plan import EXAMPLES, Plan
from rnnpipe.plan.rules import RULES
from rnnpipe.settings import Cohort

SHOWN = 5
_COHORT = r"task=([\w-]+)/model=([\w-]+)/constraint=([\w-]+)"
# Folders of tables and files of a block, and of pictures of its networks.
_FOLDER = re.compile(rf"[\w-]+/{_COHORT}/(?:seeds=(\d+-\d+)|networks=({EXAMPLES}|\d+-\d+))")
# What is kept of each of a block's jobs, in a folder of its rule.
_BESIDE = ("logs", "benchmarks", "checkpoints")
_FILE = re.compile(rf"([\w-]+)\.([\w-]+)\.([\w-]+)\.({EXAMPLES}|\d+-\d+)\.\w+")

# A cohort, and the label of one of its blocks; or "examples" for pictures of a whole cohort.
Block = tuple[Cohort, str]


def leftovers(plans: Iterable[Plan], root: Path) -> dict[Block, list[Path]]:
    """Return what a results folder holds of blocks that no plan has, in the order of their names.

    Parameters
    ----------
    plans
        Plans of all experiments that share the folder.
    root
        The folder ``results/<experiment>``.

    Returns
    -------
    dict
        Folders and files of each block: its tables, pictures, logs, measurements and checkpoints.
    """
    named = {block for plan in plans for block in _named(plan)}
    found: dict[Block, list[Path]] = defaultdict(list)
    for block, path in (*_folders(root), *_files(root)):
        if block not in named:
            found[block].append(path)
    return {block: sorted(found[block]) for block in sorted(found, key=_order)}


def gone_rules(plans: Iterable[Plan], root: Path) -> dict[str, list[Path]]:
    """Return what jobs of rules that there are no longer left of blocks that a plan has, by rule.

    Parameters
    ----------
    plans, root
        As for `leftovers`, which finds what is left of other blocks.
    """
    named = {block for plan in plans for block in _named(plan)}
    found: dict[str, list[Path]] = defaultdict(list)
    for block, path in _files(root):
        if block in named and path.parent.name not in RULES:
            found[path.parent.name].append(path)
    return {rule: sorted(found[rule]) for rule in sorted(found)}


def _order(block: Block) -> tuple[str | int, ...]:
    cohort, label = block
    return (*astuple(cohort), int(label.split("-")[0]) if label != EXAMPLES else -1, label)


def _named(plan: Plan) -> Iterator[Block]:
    for cohort, blocks in plan.every_block.items():
        yield cohort, EXAMPLES
        yield from ((cohort, label) for label in blocks)


def _folders(root: Path) -> Iterator[tuple[Block, Path]]:
    for path in root.glob("*/task=*/model=*/constraint=*/*=*"):
        if match := _FOLDER.fullmatch(path.relative_to(root).as_posix()):
            yield (Cohort(*match.groups()[:3]), match[4] or match[5]), path


def _files(root: Path) -> Iterator[tuple[Block, Path]]:
    for folder in _BESIDE:
        # Of whatever rule: jobs of rules that are gone left theirs, too.
        for path in root.glob(f"{folder}/*/*"):
            if match := _FILE.fullmatch(path.name):
                yield (Cohort(*match.groups()[:3]), match[4]), path


def leftover_text(plan: Plan) -> str:
    """Say which blocks are left over and what to do; "" if there are none."""
    # Whatever is left of a block, its networks are: a look into one folder tells.
    root = Path(experiment_folder(plan.name))
    named = set(_named(plan))
    found = sorted(
        {block for block, path in _folders(root) if path.is_relative_to(root / "weights")} - named,
        key=_order,
    )
    if not found:
        return ""
    names = [block_name(block) for block in found[:SHOWN]]
    return "\n".join(
        [
            f"{root} holds blocks that this experiment does not name: {len(found)}.",
            *(f"  {name}" for name in names),
            *([f"  and {len(found) - SHOWN} more"] if len(found) > SHOWN else []),
            "Its tables and figures leave them out; whoever reads a whole folder does not.",
            "`rnnpipe clean` with the experiment's file lists them, and removes them if asked.",
        ]
    )


def block_name(block: Block) -> str:
    """Write a block as on a command line."""
    cohort, label = block
    return " ".join((*astuple(cohort), label))
