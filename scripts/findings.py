"""Judge every claim about the networks of an experiment."""

from pathlib import Path

import pandas as pd

from rnnpipe.jobs.job import job
from rnnpipe.plan.paths import population_path
from rnnpipe.plan.reads import files_read
from rnnpipe.plan.stages import STAGES
from rnnpipe.population.findings.claims import (
    ROWS,
    findings_of,
    population_tables,
    tables_for,
)
from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.page import html_page, markdown_page
from rnnpipe.results.blocks import read_blocks
from rnnpipe.settings.job_settings import FindingsJob
from rnnpipe.tables.artifacts import write_bytes
from rnnpipe.tables.parquet import read_table, write_table
from rnnpipe.tables.schemas import NETWORK


@job(STAGES["findings"], reads=files_read)
def main(settings: FindingsJob, findings: Path, page: Path, html: Path) -> None:
    """Judge every claim and write it with its measured number, interval and verdict."""
    frames, counts = [], {}
    for name, members in settings.tasks.items():
        tables = {
            table: read_table(
                Path(population_path(settings.experiment, table, name)), only=ROWS.get(table)
            )
            for table in population_tables(members.asked)
        }
        kind = members.task.kind
        for table, columns in tables_for(kind, members.asked).items():
            tables[table] = read_blocks(members, table, columns, only=ROWS.get(table))
        evidence = Evidence(members.task, tables)
        frames.append(findings_of(name, kind, evidence))
        networks = tables["networks"].drop_duplicates(NETWORK)
        counts[name] = (len(networks), int(networks["solved"].sum()))
    table = pd.concat(frames, ignore_index=True)
    write_table(findings, "findings", table, settings)
    text = markdown_page(table, settings.experiment, counts, settings.missing_by_task())
    write_bytes(page, text.encode())
    write_bytes(html, html_page(text, f"Findings of {settings.experiment}").encode())


if __name__ == "__main__":
    main()
