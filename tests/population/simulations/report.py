"""The table of all simulations: a row per question, a column per number of networks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.population.simulations.designs import SIZES
from tests.population.simulations.rates import Bounds, Rate

HEAD = ("", *SIZES, "bound")
BEGIN, END = "<!-- simulated: begin -->", "<!-- simulated: end -->"
# Section, row, column (one of `SIZES`), number, bound, and populations of a rate; 0 of a number
# that is exact.
Cell = Sequence


@dataclass
class Simulated:
    """What one test has simulated.

    Attributes
    ----------
    cells
        Every number and what it is: see `Cell`.
    broken
        Sentences on rates outside of their bounds.
    """

    cells: list[Cell] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def rate(
        self,
        section: str,
        row: str,
        column: str,
        rate: Rate,
        bounds: Bounds,
        shown: str | None = None,
    ) -> None:
        """Note a rate, and whether it breaks its bounds; the table shows these, or other words."""
        if not rate.of:
            return
        bound = str(bounds) if shown is None else shown
        self.cells.append((section, row, column, rate.value, bound, rate.of))
        if bounds.broken_by(rate):
            said = f"{section}, {row}, {column} networks"
            self.broken.append(f"{said}: {rate.count} of {rate.of}, to be {bounds}")

    def number(self, section: str, row: str, column: str, number: float, bound: str = "") -> None:
        """Note a number that is no rate, for the table alone."""
        self.cells.append((section, row, column, float(number), bound, 0))


def markdown(cells: Iterable[Cell]) -> str:
    """Write one Markdown table per section; several numbers of one cell as their range."""
    sections: dict[str, dict[str, dict[str, list]]] = {}
    most = 0
    for section, row, column, number, bound, populations in cells:
        most = max(most, populations)
        of_row = sections.setdefault(section, {}).setdefault(row, {})
        of_row.setdefault(column, []).append(number)
        if bound and bound not in of_row.setdefault("bound", []):
            of_row["bound"].append(bound)
    tables = "\n".join(_section(name, rows) for name, rows in sorted(sections.items()))
    return f"Rates are of up to {most} populations each.\n\n{tables}"


def _section(name: str, rows: dict[str, dict[str, list]]) -> str:
    lines = [f"**{name}**", "", f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|"]
    for row, found in sorted(rows.items()):
        numbers = [_range(found.get(column, [])) for column in SIZES]
        lines.append(f"| {' | '.join([row, *numbers, '; '.join(found.get('bound', []))])} |")
    return "\n".join([*lines, ""])


def _range(numbers: list[float]) -> str:
    if not numbers:
        return "–"
    low, high = (f"{number:.3f}" for number in (min(numbers), max(numbers)))
    return low if low == high else f"{low}–{high}"


def with_table(page: str, table: str) -> str:
    """Put a table in the place of the page's own, between its two marks."""
    between = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", flags=re.DOTALL)
    return between.sub(lambda _: f"{BEGIN}\n{table}{END}", page)
