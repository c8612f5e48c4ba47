"""The findings as a page of Markdown, and as one of HTML."""

import html
from collections.abc import Mapping

import pandas as pd
from markdown_it import MarkdownIt

from rnnpipe.population.findings.finding import MOST
from rnnpipe.population.findings.ranks import needed_rank
from rnnpipe.population.findings.sharing import universality_of
from rnnpipe.population.statistics.jackknife import CONFIDENCE, FEWEST

_STYLE = """\
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2430; max-width: 76rem; margin: 2rem auto;
  padding: 0 1.5rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.7rem;
  border-bottom: 1px solid #d5dae1; }
th { border-bottom: 2px solid #1c2430; }
td:nth-child(n + 4) { white-space: nowrap; }"""


def markdown_page(
    findings: pd.DataFrame,
    experiment: str,
    networks: Mapping[str, tuple[int, int]],
    missing: Mapping[str, int],
) -> str:
    """Write every claim with its number, interval and verdict, task by task, as Markdown.

    Parameters
    ----------
    findings
        The table ``findings``.
    experiment
        The experiment's name.
    networks
        Task -> number of its networks, and number of networks that solved it.
    missing
        Task -> number of networks that are left out because they have no results.
    """
    lines = [
        f"# Findings of {experiment}",
        "",
        f"Generated from `population/findings.parquet`; intervals of {CONFIDENCE:.0%}. A claim "
        "holds where the whole interval is above the threshold, does not hold where the whole "
        "interval is below it (of few networks, if an exact test says so too), and cannot be told "
        "in between; then the number of networks stands beside it that would tell, if the "
        "measured number stayed what it is. A claim about "
        f"most networks is that more than {MOST:.0%} of them are right; one that lacks what is "
        f"asked for is wrong. With fewer than {FEWEST} networks, in all or in the smallest of the "
        "groups that are compared, nothing is told. Claims are about the networks that solved "
        "their task, but for the first.",
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
        verdicts = dict(zip(rows["claim"], rows["verdict"], strict=True))
        for together in filter(None, (universality_of(rows), needed_rank(verdicts))):
            lines += ["", together]
    for task in (name for name in missing if name not in networks):
        lines += ["", f"## {task}", "", f"All {missing[task]} networks are missing."]
    return "\n".join(lines) + "\n"


def _row(row: tuple) -> str:
    interval = f"{number(row.low)} to {number(row.high)}" if row.low == row.low else "–"
    sentence = row.sentence
    if row.adjusted_for:
        sentence = f"{sentence.removesuffix('.')}, given {row.adjusted_for}."
    cells = (
        row.claim,
        sentence,
        measured(row),
        interval,
        number(row.threshold),
        f"**{row.verdict}**{_needed(row)}",
        str(row.networks),
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def measured(row: tuple) -> str:
    """Write what was measured of a claim: a count and its share, or a number with its unit."""
    if row.right == row.right:
        return f"{row.right:.0f} of {row.networks} networks ({number(row.value)}): {row.quantity}"
    unit = f" {row.unit}" if row.unit else ""
    return f"{number(row.value)}{unit}, {row.quantity}"


def _needed(row: tuple) -> str:
    if row.needed != row.needed:
        return ""
    if row.needed == float("inf"):
        return "; no number of networks would tell"
    return f"; {row.needed:.0f} networks needed {row.needed_where}"


def number(value: float) -> str:
    """Write a number in three significant digits; a dash if it is unknown."""
    return "–" if value != value else f"{value:.3g}"


def html_page(text: str, title: str) -> str:
    """Turn a page of Markdown into one HTML file that needs no other file.

    Parameters
    ----------
    text
        The page, as `markdown_page` writes it.
    title
        Title of the window.
    """
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    )
