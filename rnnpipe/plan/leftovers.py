"""Results of blocks that an experiment no longer names.

They stay when a cohort is dropped, or when a change of its settings cuts it into
other blocks, and whoever reads a table's whole folder reads them too.
"""

from pathlib import Path

from rnnpipe.plan.roster import Roster

SHOWN = 5


def leftover_folders(roster: Roster) -> list[str]:
    """Folders of blocks under ``results/`` that are no block of the experiment, in order."""
    named = {str(Path(file).parent) for file in roster.files("weights")}
    # All of an experiment's tables have the same folders; weights are the first.
    found = Path(f"results/{roster.name}/weights").glob("task=*/model=*/constraint=*/seeds=*")
    return sorted(str(folder) for folder in found if str(folder) not in named)


def leftover_text(folders: list[str]) -> str:
    """Say what lies there and what to do; nothing of none."""
    if not folders:
        return ""
    root = folders[0].split("/weights/")[0]
    names = [folder.split("/weights/")[1] for folder in folders]
    lines = [
        f"{root} holds blocks that this experiment does not name: {len(names)}.",
        *(f"  {name}" for name in names[:SHOWN]),
        *([f"  and {len(names) - SHOWN} more"] if len(names) > SHOWN else []),
        "Its tables and figures leave them out; whoever reads a whole folder does not.",
        f"If they are of no more use, remove these folders under every table, or all of {root}.",
    ]
    return "\n".join(lines)
