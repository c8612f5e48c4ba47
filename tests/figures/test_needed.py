"""Of large tables a figure asks for what it draws, and for no more."""

import numpy as np
import pandas as pd

from rnnpipe.figures import catalogue
from rnnpipe.figures.catalogue import KINDS
from rnnpipe.figures.kinds.training import MOST_CURVES
from rnnpipe.figures.render import needed
from rnnpipe.tables.schemas import SCHEMAS

NAN = float("nan")


def test_columns_that_kinds_ask_for_are_columns_of_their_tables():
    for kind in KINDS.values():
        assert {*kind.everyone, *kind.columns} <= set(kind.tables)
        for table, columns in (*kind.everyone.items(), *kind.columns.items()):
            assert {"seed", *columns} <= set(SCHEMAS[table].names)


def test_no_other_file_is_read_to_know_what_a_kind_needs(monkeypatch):
    read, parse = [], catalogue.ast.parse
    monkeypatch.setattr(catalogue.ast, "parse", lambda text: read.append(text) or parse(text))
    catalogue._whole.cache_clear()
    assert KINDS["trials"].tables and KINDS["trials"].columns
    assert len(read) == 1


def history(networks: int) -> pd.DataFrame:
    """Of each network three steps, of which the second was validated."""
    return pd.concat(
        [
            pd.DataFrame(
                {"seed": seed, "step": [1, 2, 3], "loss": 1.0, "validation_loss": [NAN, 0.5, NAN]}
            )
            for seed in range(networks)
        ]
    )


def test_of_many_networks_validated_and_last_steps_are_drawn():
    rows = history(2)
    assert needed("training", "history", rows, MOST_CURVES).equals(rows)
    few = needed("training", "history", rows, MOST_CURVES + 1)
    assert few[["seed", "step"]].to_numpy().tolist() == [[0, 2], [0, 3], [1, 2], [1, 3]]


def test_of_the_modes_of_a_point_the_leading_and_the_growing_are_kept():
    modulus = np.array([1.5] * 20 + [0.9, 0.5])
    modes = pd.DataFrame(
        {"model": "m", "constraint": "none", "seed": 0, "probe": "zero", "point": 3}
        | {"re": 0.0, "im": -modulus}
    )
    assert needed("contexts", "modes", modes, 1)["im"].tolist() == [-1.5] * 20
    assert needed("contexts", "modes", modes[18:], 1)["im"].tolist() == [-1.5, -1.5, -0.9, -0.5]
    assert needed("contexts", "responses", modes[20:], 1)["im"].tolist() == [-0.9]
    assert needed("contexts", "modes", modes[:0], 1).empty
