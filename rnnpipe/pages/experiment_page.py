"""The page of an experiment: all its networks as rows of a table and points of a map."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from PIL import Image

from rnnpipe.figures.captions import caption
from rnnpipe.jobs.plain_text import count
from rnnpipe.pages.listing import cells_of, columns_of, summed_over_probes
from rnnpipe.pages.map_data import map_data
from rnnpipe.pages.template import fill
from rnnpipe.plan.paths import page_name
from rnnpipe.tables.schemas import KEY

Network = tuple[str, str, str, int]
# Pixels of a thumbnail.
WIDTH = 200
# What of a scene's picture is neither words nor legend: left, upper, right, lower end.
_PART = (0.1, 0.06, 0.86, 0.92)
_QUALITY = 78
# What the results are: a page cannot know what has become of the experiment's file since.
_BY_WORKFLOW = (
    "Results as the experiment’s file asked for when this page was made. Whether they still are, "
    "rnnpipe status tells."
)
_BY_HAND = (
    "Made by hand: these results were compared with no experiment’s file and may be stale; "
    "rnnpipe status tells."
)


@dataclass(frozen=True)
class Shown:
    """Files that there are of a network.

    Attributes
    ----------
    page, picture
        Names of their files; the picture is ``None`` where there is none.
    thumbnail
        The picture, small, as a data address.
    """

    page: str
    picture: str | None = None
    thumbnail: str | None = None


def experiment_page(
    experiment: str,
    networks: pd.DataFrame,
    embedding: pd.DataFrame,
    shown: Mapping[Network, Shown],
    scores: Mapping[str, tuple[str, str]],
    missing: Mapping[str, int],
    by_hand: bool = False,
) -> str:
    """Write the page as one HTML document that loads nothing from any server.

    Parameters
    ----------
    experiment
        Its name.
    networks, embedding
        Population tables of all tasks.
    shown
        Files of the networks that have a page, by task, model, constraint and seed.
    scores
        Name and unit of each task's score.
    missing
        How many networks of each task are left out, because they have no results.
    by_hand
        Whether the results were not compared with an experiment's file before.

    Returns
    -------
    The document; the same tables give the same text.
    """
    rows = summed_over_probes(networks)
    columns = columns_of(rows)
    units = {task: unit for task, (_, unit) in scores.items()}
    entries = [
        {
            "name": " · ".join([*map(str, row[:3]), f"seed {row[3]}"]),
            "key": row,
            "id": page_name(*row),
            "cells": list(cells_of(record, columns, units)),
            "shown": shown.get(row),
        }
        for row, record in zip(_keys(rows), rows.to_dict("records"), strict=True)
    ]
    return fill(
        "experiment",
        experiment=experiment,
        made=_BY_HAND if by_hand else _BY_WORKFLOW,
        by_hand=by_hand,
        columns=columns,
        entries=entries,
        choices=_choices(rows, columns),
        data={**map_data(rows, embedding, scores), "names": [e["name"] for e in entries]},
        captions={
            "map": _of_map(rows, embedding),
            "table": _of_table(networks, missing, scores),
            "pages": _of_pages(rows, shown),
        },
    )


def _keys(rows: pd.DataFrame) -> list[Network]:
    return [(t, m, c, int(s)) for t, m, c, s in rows[KEY].itertuples(index=False)]


def _choices(rows: pd.DataFrame, columns: list) -> list[tuple[int, str, list[str]]]:
    """Place, title and values of the columns by whose values readers may choose rows."""
    found = []
    for place, column in enumerate(columns):
        values = rows[column.key].astype(str).drop_duplicates().tolist() if column.choice else []
        if len(values) > 1:
            found.append((place, column.title, values))
    return found


def _of_map(rows: pd.DataFrame, embedding: pd.DataFrame) -> str:
    placed = embedding.dropna(subset=["x", "y"]).drop_duplicates(KEY)
    text = (
        "Every point is a network; networks that are alike by the chosen distance lie together "
        "(multidimensional scaling; stress is the part of the distances that a plane cannot show). "
        f"{len(placed)} of {count(len(rows), 'network')} are placed"
    )
    if len(placed) < len(rows):
        text += "; the others were not compared, most because they did not solve their task"
    return f"{text}. Point at one to see it, click it to open its page."


def _of_table(
    networks: pd.DataFrame, missing: Mapping[str, int], scores: Mapping[str, tuple[str, str]]
) -> str:
    parts = []
    for task, rows in networks.groupby("task", sort=False, observed=True):
        name, unit = scores[str(task)]
        what = f"{task}: the score is {name}{f' in {unit}' if unit else ''};"
        parts.append(caption(what, rows, missing.get(str(task), 0)))
    gone = [
        f"{task}: all {n} networks are missing."
        for task, n in missing.items()
        if task not in set(networks["task"])
    ]
    first = (
        "Click a heading to sort. Counts are of fixed points, slow points, other attractors and "
        "continua, over all probes; spurious points, far off in saturated gates, are among the "
        "points alone."
    )
    return " ".join([first, *parts, *gone])


def _of_pages(rows: pd.DataFrame, shown: Mapping[Network, Shown]) -> str:
    have = [shown[key] for key in _keys(rows) if key in shown]
    text = f"{len(have)} of {count(len(rows), 'network')} have a page."
    if len(have) < len(rows):
        text += (
            " The settings choose them, a few of each cohort; “scenes: {networks: all}” in the "
            "experiment's file makes one of every network that did not diverge, and “rnnpipe "
            "view” opens any single one."
        )
    if bare := sum(one.thumbnail is None for one in have):
        text += (
            f" {bare} of these have no picture: three-dimensional pictures are skipped where "
            "libegl1 and libgl1-mesa-dri are not installed."
        )
    return text


def thumbnail(picture: bytes) -> str:
    """Cut out the middle of a scene's picture, as a small JPEG in a data address.

    Raises
    ------
    OSError
        If the picture is damaged.
    """
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.crop([round(e * s) for e, s in zip(_PART, 2 * image.size, strict=True)])
    image = image.resize(
        (WIDTH, round(WIDTH * image.height / image.width)), Image.Resampling.LANCZOS
    )
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
