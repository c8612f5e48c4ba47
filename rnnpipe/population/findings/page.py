"""The findings as a page of Markdown."""

from collections.abc import Mapping

import pandas as pd

from rnnpipe.population.findings.finding import CONFIDENCE


def page(
    findings: pd.DataFrame,
    experiment: str,
    networks: Mapping[str, tuple[int, int]],
    missing: Mapping[str, int],
) -> str:
    """Every claim with its number, interval and verdict, task by task.

    Parameters
    ----------
    findings
        The table ``findings``.
    experiment
        Its name.
    networks
        Task -> numbers of networks, and of those that solved it.
    missing
        Task -> number of networks that are left out, for want of results.
    """
    lines = [
        f"# Findings of {experiment}",
        "",
        f"Generated from `population/findings.parquet`; intervals of {CONFIDENCE:.0%}. A claim "
        "about a mean or a share holds where its number reaches the threshold and does not where "
        "the whole interval misses it; a claim about a difference holds where the whole interval "
        "is above zero. Claims are about the networks that solved their task, but for the first.",
    ]
    for task, rows in findings.groupby("task", sort=False, observed=True):
        total, solved = networks[str(task)]
        lines += ["", f"## {task}", "", f"{solved} of {total} networks solved.", ""]
        if lost := missing.get(str(task)):
            what = f"{lost} of {lost + total} networks are missing: their jobs left no results."
            lines += [what, ""]
        lines += ["| | claim | measured | interval | threshold | verdict | networks |"]
        lines += ["|---|---|---|---|---|---|---|"]
        lines += [_row(row) for row in rows.itertuples(index=False)]
    for task in (name for name in missing if name not in networks):
        lines += ["", f"## {task}", "", f"All {missing[task]} networks are missing."]
    return "\n".join(lines) + "\n"


def _row(row: tuple) -> str:
    unit = f" {row.unit}" if row.unit else ""
    measured = f"{number(row.value)}{unit}, {row.quantity}".replace("|", "\\|")
    interval = f"{number(row.low)} to {number(row.high)}" if row.low == row.low else "–"
    cells = (
        row.claim,
        row.sentence.replace("|", "\\|"),
        measured,
        interval,
        number(row.threshold),
        f"**{row.verdict}**",
        str(row.networks),
    )
    return f"| {' | '.join(cells)} |"


def number(value: float) -> str:
    """A number in three significant digits; a dash for one that is not known."""
    return "–" if value != value else f"{value:.3g}"
