"""The page on statistics has the numbers of networks needed, and tables within their bounds."""

import re

import pytest

from tests.population.simulations.designs import ROOT, SIZES
from tests.population.simulations.ideal import needed_for_g, needed_for_omega2
from tests.population.simulations.report import BEGIN, END, HEAD, markdown, with_table

PAGE = ROOT / "docs/statistics.md"
G = (0.5, 0.8, 1.0, 1.5, 2.0, 3.0)
OMEGA2 = (0.02, 0.05, 0.1, 0.2, 0.3)


def needed() -> str:
    """The table of networks that an effect needs, as Markdown."""
    by_g = {"Hedges' g": G, "networks per cohort": [max(4, needed_for_g(g)) for g in G]}
    by_omega2 = {
        "ω²": OMEGA2,
        "networks per cohort": [max(4, needed_for_omega2(share)) for share in OMEGA2],
    }
    return "\n".join(_table(rows) for rows in (by_g, by_omega2))


def _table(rows: dict) -> str:
    (head, first), (name, second) = rows.items()
    lines = [[head, *first], ["---"] * (len(first) + 1), [name, *second]]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def between(page: str, begin: str, end: str) -> str:
    return page.split(begin)[1].split(end)[0].strip("\n")


def test_the_page_says_how_many_networks_an_effect_needs():
    page = PAGE.read_text(encoding="utf-8")
    found = between(page, "<!-- needed: begin -->", "<!-- needed: end -->")
    assert found == needed().strip("\n")


def test_the_page_has_tables_of_all_sections():
    tables = between(PAGE.read_text(encoding="utf-8"), BEGIN, END)
    rows = [line for line in tables.splitlines() if line.startswith("|")]
    assert len(re.findall(r"^\*\*\d\. ", tables, flags=re.MULTILINE)) == 5
    assert {line.count("|") for line in rows} == {len(HEAD) + 1}
    assert rows[0] == f"| {' | '.join(HEAD)} |"


def test_a_table_takes_the_place_of_the_pages_own():
    cells = [
        ("1. Size", "a test", "4", 0.05, "0.02 to 0.07", 40),
        ("1. Size", "a test", "4", 0.031, "0.02 to 0.07", 40),
    ]
    table = markdown(cells)
    assert "| a test | – | – | 0.031–0.050 | – | – | – | – | 0.02 to 0.07 |" in table
    page = with_table(f"Before.\n{BEGIN}\nold\n{END}\nAfter.\n", table)
    assert page == f"Before.\n{BEGIN}\n{table}{END}\nAfter.\n"
    assert with_table(page, table) == page and len(SIZES) == len(HEAD) - 2


@pytest.mark.parametrize(("effect", "networks"), [(1.0, 17), (0.5, 64), (0.8, 26)])
def test_networks_needed_are_those_of_cohens_tables(effect: float, networks: int):
    """Cohen 1988, table 2.4.1: a two-sided t test at 5 % with a power of 0.8."""
    assert needed_for_g(effect) == networks
