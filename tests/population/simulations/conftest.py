"""Simulations gather their rates; their table stands at the end of the run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

from tests.population.simulations.report import Simulated, markdown, with_table

PROPERTY = "simulated"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--table", metavar="PAGE", help="page in which to renew simulations' table")


@pytest.fixture
def simulated(record_property) -> Iterator[Simulated]:
    """What a test simulates, for the table."""
    found = Simulated()
    yield found
    for cell in found.cells:
        record_property(PROPERTY, list(cell))


def pytest_terminal_summary(terminalreporter: TerminalReporter, config: pytest.Config) -> None:
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    cells = [
        cell
        for report in reports
        if getattr(report, "when", "") == "teardown"
        for name, cell in report.user_properties
        if name == PROPERTY
    ]
    if not cells:
        return
    table = markdown(cells)
    terminalreporter.section("simulated populations")
    terminalreporter.write(table)
    if page := config.getoption("--table", None):
        path = Path(page)
        path.write_text(with_table(path.read_text(encoding="utf-8"), table), encoding="utf-8")
