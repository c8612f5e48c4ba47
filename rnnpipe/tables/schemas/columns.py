"""Columns: their types, each with a sentence on what a column means, and how a schema is built.

The sentence names unit, shape and what an empty place means. It stands here alone: the page on
tables (`rnnpipe tables`) is made of it. No file holds it, and no job repeats when it changes.
"""

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa


class Column(NamedTuple):
    """A column of a table.

    Attributes
    ----------
    type
        The type of its values.
    meaning
        What it is, in a sentence or two.
    """

    type: pa.DataType
    meaning: str


Columns = Mapping[str, Column]


def whole(meaning: str) -> Column:
    """Describe a column of whole numbers."""
    return Column(pa.int64(), meaning)


def number(meaning: str) -> Column:
    """Describe a column of numbers."""
    return Column(pa.float64(), meaning)


def flag(meaning: str) -> Column:
    """Describe a column of what is true or false."""
    return Column(pa.bool_(), meaning)


def text(meaning: str) -> Column:
    """Describe a column of texts."""
    return Column(pa.string(), meaning)


def numbers(meaning: str) -> Column:
    """Describe a column of lists of numbers.

    Lists may have any length: tables of models of different sizes then read back as one table,
    which lists of a fixed size do not allow.
    """
    return Column(pa.list_(pa.float64()), meaning)


def singles(meaning: str) -> Column:
    """Describe a column of lists in single precision: of what is large and was trained in it."""
    return Column(pa.list_(pa.float32()), meaning)


# The types in words.
KINDS: Mapping[pa.DataType, str] = {
    whole("").type: "whole number",
    number("").type: "number",
    flag("").type: "true or false",
    text("").type: "text",
    numbers("").type: "list of numbers",
    singles("").type: "list of numbers (single precision)",
}


def schema(columns: Columns) -> pa.Schema:
    """Build a schema from columns in their order."""
    return pa.schema([(name, column.type) for name, column in columns.items()])
