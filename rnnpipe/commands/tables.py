"""The command `tables`: every table of an experiment's results, and what its columns mean."""

from collections.abc import Iterator

import click

from rnnpipe.jobs.stage import Output
from rnnpipe.plan.stages import STAGES

_HEAD = """\
# Tables

`rnnpipe tables` prints this page: the columns come from `rnnpipe/tables/schemas/`, what a table holds and where it
lies from `rnnpipe/plan/stages.py`. The tables stand in the order in which the stages of the workflow write them.

A table of blocks is a folder of Parquet files, one per block of seeds. Read as one,

    pandas.read_parquet("results/quickstart/stability")

it has the columns `task`, `model`, `constraint` and `seeds` too, from the names of its folders.

- An **update** is one step of a network's state. Times and periods are in updates, rates and frequencies per update.
- A **spread** is the root mean square distance of a network's visited states from their mean, its own unit of length
  (column `spread` of the table `searches`).
- A **list** has one entry for each of what stands in brackets: the state has one per unit, of an LSTM two (all h,
  then all c), inputs and outputs one per channel of the task.
- **λ** is an eigenvalue of the Jacobian of one update, and belongs to a *mode*. A mode with |λ| > 1 grows, one with
  |λ| < 1 decays.
- Where nothing is said of NaN or null, a place is never empty. A text or a list that does not exist is null, a number
  NaN, which Parquet may hold as null: pandas reads both alike.
"""
_COLUMNS = "| column | type | meaning |\n|---|---|---|"


@click.command()
def tables() -> None:
    """Print every table and what its columns mean, as a page in Markdown."""
    click.echo(table_page(), nl=False)


def table_page() -> str:
    """Return the page as the text of a file, with a final newline."""
    from rnnpipe.tables.schemas import TABLES

    written = {table: "" for table in TABLES}
    for stage in STAGES.values():
        for table in stage.schemas:
            written[table] = written[table] or _section(table, stage.name, stage.outputs[table])
    return "\n".join([_HEAD, *sorted(written.values(), key=_order)])
