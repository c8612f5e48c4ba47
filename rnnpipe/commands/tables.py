"""The command `tables`: every table of an experiment's results, and what its columns mean."""

import click

from rnnpipe.jobs.stage import Output
from rnnpipe.plan.stages import STAGES

_HEAD = """\
# Tables

`rnnpipe tables` prints this page. The columns come from `rnnpipe/tables/schemas/`, what a table
holds and where it lies from `rnnpipe/plan/stages.py`. Tables stand in the order in which the stages
of the workflow write them; [the README](../README.md) explains the words.

A table of blocks is a folder of Parquet files, one per block of seeds. Read whole, as by
`pandas.read_parquet("results/quickstart/stability")`, it has the columns `task`, `model`,
`constraint` and `seeds`, too, from the names of its folders.

- An **update** is one step of a network. Times are in updates; rates and frequencies are per
  update.
- A **spread** is the root mean square distance of a network's visited states from their mean, its
  own unit of length: the column `spread` of the table `searches`.
- A **list** has one number for each of what stands in brackets: (unit), of an LSTM two per unit,
  all h before all c; (input) and (output), the task's channels.
- **λ** is an eigenvalue of the Jacobian of one update, and belongs to a *mode*: the mode grows
  where |λ| > 1 and decays where |λ| < 1.
- **NaN** and **null** stand only where a sentence names them: NaN for a number that does not exist
  (pandas reads one that is null as NaN), null for a text or a list.
"""
# A stroke inside a cell of a table.
BAR = "\\|"
_COLUMNS = "| column | type | meaning |\n|---|---|---|"


@click.command()
def tables() -> None:
    """Print every table and what its columns mean, as a page in Markdown."""
    click.echo(table_page(), nl=False)


def table_page() -> str:
    """Return the page as the text of a file, with a final newline."""
    sections: dict[str, str] = {}
    for stage in STAGES.values():
        for table in stage.schemas:
            # Networks are trained or imported, into tables of the same columns.
            if table not in sections:
                sections[table] = _section(table, stage.name, stage.outputs[table])
    return "\n".join([_HEAD, *sections.values()])


def _section(table: str, stage: str, output: Output) -> str:
    # Imported here, since other commands need no pyarrow.
    from rnnpipe.tables.schemas import TABLES
    from rnnpipe.tables.schemas.columns import KINDS

    what = f"{output.what[:1].upper()}{output.what[1:]}."
    where = f"Written by `{stage}` into\n`results/{{experiment}}/{output.path}`."
    rows = [
        f"| `{name}` | {KINDS[column.type]} | {column.meaning.replace('|', BAR)} |"
        for name, column in TABLES[table].items()
    ]
    return "\n".join([f"## {table}", "", what, where, "", _COLUMNS, *rows, ""])
