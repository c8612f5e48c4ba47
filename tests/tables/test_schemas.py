"""What every column means stands in its schema, in plain sentences."""

import re

import pytest

from rnnpipe.tables.schemas import TABLES


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_its_sentence(table):
    for name, column in TABLES[table].items():
        assert re.fullmatch(r"\S.{3,}\.", column.meaning), (table, name)
        assert not re.search(r"\s\s|^[a-oq-z]", column.meaning), (table, name)


@pytest.mark.parametrize("table", TABLES)
def test_lists_say_what_they_have_a_number_for(table):
    for name, column in TABLES[table].items():
        listed = str(column.type).startswith("list")
        said = re.search(
            r"\((unit|input|output|network|three|frequency|direction|population)\)", column.meaning
        )
        assert bool(said) == listed, (table, name)
