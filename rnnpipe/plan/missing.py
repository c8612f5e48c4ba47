"""Blocks without results, since a job died, and results of blocks that are no longer planned."""

from collections.abc import Iterable, MutableMapping
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from rnnpipe.faults import Fault
from rnnpipe.plan.paths import block_log, output_paths
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import BLOCK_STAGES, IMPORT
from rnnpipe.settings import Cohort, SettingsError
from rnnpipe.settings.members import MissingBlock

# As it stands on Snakemake's command line: `--config missing=skip`.
KEY, SKIP = "missing", "skip"
SHOWN, LEFTOVERS_SHOWN = 10, 5


def takes_skip(config: MutableMapping[str, Any]) -> bool:
    """Remove from a configuration the key that leaves out blocks without results; return its value.

    Raises
    ------
    SettingsError
        If it says anything else.
    """
    value = config.pop(KEY, None)
    if value not in (None, SKIP):
        raise SettingsError([Fault(KEY, f'"{value}" is not allowed; it is {SKIP}, or left out')])
    return value == SKIP


def missing_blocks(plan: Plan) -> tuple[MissingBlock, ...]:
    """Return the blocks of a plan that lack a file of some stage, in the plan's order."""
    first: dict[tuple[Cohort, str], MissingBlock] = {}
    for stage in BLOCK_STAGES:
        for cohort, block in plan.blocks(stage):
            key = (cohort, block.label)
            if key not in first and not all(
                Path(path).is_file()
                for path in output_paths(plan.name, stage, *astuple(cohort), block.label).values()
            ):
                rule = IMPORT if stage == "train" and plan.imports(cohort) else stage
                log = block_log(plan.name, rule, *key)
                first[key] = MissingBlock(
                    **vars(cohort),
                    seeds=block.label,
                    networks=len(block.seeds),
                    stage=stage,
                    log=log,
                )
    every = ((cohort, block.label) for cohort, block in plan.blocks("train"))
    return tuple(first[key] for key in every if key in first)


def without_missing(plan: Plan) -> Plan:
    """Return the plan without the blocks that lack files; `plan` itself if no block does.

    Raises
    ------
    SettingsError
        If that leaves nothing.
    """
    missing = missing_blocks(plan)
    if len(missing) == len(plan.blocks("train")):
        raise SettingsError([Fault(KEY, f"{SKIP} leaves nothing: no block has all its files yet")])
    return replace(plan, missing=missing) if missing else plan


def failure_text(missing: Iterable[MissingBlock]) -> str:
    """Say which blocks have failed, where their logs lie, and how to go on; "" if none has.

    Blocks that no job has been started for are only counted.
    """
    missing = list(missing)
    if not missing:
        return ""
    failed = [block for block in missing if Path(block.log).is_file()]
    lines = [f"Blocks without all their results: {len(missing)}."]
    lines += [f"  {failed_at(block)}" for block in failed[:SHOWN]]
    if len(missing) > len(lines) - 1:
        lines.append(f"  and {len(missing) - len(lines) + 1} more")
    lines += [
        "The same command again tries these alone.",
        f"With --config {KEY}={SKIP} beside it, tables and figures are made of all others.",
    ]
    return "\n".join(lines)


def failed_at(block: MissingBlock) -> str:
    """Write a block, the stage that left no files, and the log that may tell why."""
    names = " ".join(vars(block.cohort).values())
    return f"{names} {block.seeds} ended at {block.stage}: {block.log}"


def leftover_folders(plan: Plan) -> list[str]:
    """Return the folders under ``results/`` of blocks that the plan does not have, sorted."""
    named = {str(Path(file).parent) for file in plan.files("weights")}
    # All of an experiment's tables have the same folders; weights are the first.
    found = Path(f"results/{plan.name}/weights").glob("task=*/model=*/constraint=*/seeds=*")
    return sorted(str(folder) for folder in found if str(folder) not in named)


def leftover_text(folders: list[str]) -> str:
    """Say which folders are left over and what to do; "" if there are none."""
    if not folders:
        return ""
    root = folders[0].split("/weights/")[0]
    names = [folder.split("/weights/")[1] for folder in folders]
    lines = [
        f"{root} holds blocks that this experiment does not name: {len(names)}.",
        *(f"  {name}" for name in names[:LEFTOVERS_SHOWN]),
        *([f"  and {len(names) - LEFTOVERS_SHOWN} more"] if len(names) > LEFTOVERS_SHOWN else []),
        "Its tables and figures leave them out; whoever reads a whole folder does not.",
        f"If they are of no more use, remove these folders under every table, or all of {root}.",
    ]
    return "\n".join(lines)
