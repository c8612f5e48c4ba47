"""Analyse networks that others published, and compare what is found with what is known of them.

`stranger_rows` says what the files of a folder hold.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import pandas as pd
from stranger_rows import rows_of

from rnnpipe.jobs.job import limit_threads


def judged(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, with what is wrong of each."""
    complete = (rows["found"] == rows["known"]) & (rows["beyond"] == 0) | rows["known"].isna()
    applicable = rows["certificate"] != "not applicable"
    incomplete = rows["certificate"] == "incomplete"
    return rows.assign(
        set=rows["network"].str.replace(r"(_\d+_i\d+| \d+)$", "", regex=True),
        searches=1,
        exact=complete,
        missed=rows["known"] - rows["found"],
        proved=rows["certificate"] == "proved",
        unnoticed=~complete & rows["certificate"].isin(["consistent", "proved"]),
        wrong_verdict=applicable & ((rows["index_sum"] != 1) != incomplete),
    )


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per set: searches, those of which all is found, how certificates judge, motion."""
    columns = ["searches", "exact", "missed", "beyond", "proved", "added", "refuted"]
    columns += ["unnoticed", "wrong_verdict"]
    moving = rows.assign(moving=rows["motion"].isin(["motion", "turns"]))
    sums = [*columns, "moving", "told", "unassigned", "seconds", "attractor_seconds"]
    return moving.groupby("set", sort=False)[sums].sum()


def by_network(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per network and input, over all seeds."""
    groups = rows.groupby(["network", "input"], sort=False)
    return pd.DataFrame(
        {
            "points": groups["known"].max(),
            "known": groups["motion"].first(),
            "exact": groups["exact"].sum().astype(str) + " of " + groups.size().astype(str),
            "certificate": groups["certificate"].agg(lambda own: ", ".join(dict.fromkeys(own))),
            "runs end in": groups["attractors"].first(),
            "told": groups["told"].sum().astype(str) + " of " + groups.size().astype(str),
            "seconds": groups["seconds"].mean(),
            "of attractors": groups["attractor_seconds"].mean(),
        }
    ).reset_index()


def markdown(table: pd.DataFrame) -> str:
    """A table of Markdown."""

    def cell(value: Any) -> str:
        if value != value:
            return "–"
        return f"{value:.3g}" if isinstance(value, float) else str(value)

    lines = [table.columns, ["---"] * table.shape[1], *table.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines) + "\n"


@click.command(context_settings={"show_default": True})
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--seeds", default=1, help="Number of seeds, from 0 on, of the searches.")
@click.option("--only", default="*", help="Pattern of the files' names, without .npz.")
@click.option("--first", type=int, help="Of a stack, the first so many networks.")
@click.option("--csv", type=click.Path(path_type=Path), help="Write all rows to this file too.")
@click.option(
    "--table", type=click.Path(path_type=Path), help="Write both tables to this file of Markdown."
)
def main(
    folder: Path, seeds: int, only: str, first: int | None, csv: Path | None, table: Path | None
) -> None:
    """Analyse the networks of FOLDER on one thread; print a row per network, then one per set."""
    limit_threads(1)
    files = sorted(folder.glob(f"{only}.npz"))
    rows = [
        asdict(row) for file in files for seed in range(seeds) for row in rows_of(file, seed, first)
    ]
    if not rows:
        raise click.ClickException(f"{folder} holds no such networks")
    found = judged(pd.DataFrame(rows))
    single, sets = by_network(found), summary(found)
    with pd.option_context("display.width", 240, "display.max_rows", None):
        click.echo(single.to_string(index=False, float_format="{:.3g}".format))
        click.echo("\nunnoticed: points are missing, and no certificate says so\n")
        click.echo(sets.to_string(float_format="{:.1f}".format))
    if csv is not None:
        found.to_csv(csv, index=False)
    if table is not None:
        # A stack has more networks than one reads, and a row among the sets.
        alone = single[~single["network"].str.contains(" ")]
        table.write_text(markdown(sets.reset_index()) + "\n" + markdown(alone))


if __name__ == "__main__":
    main()
