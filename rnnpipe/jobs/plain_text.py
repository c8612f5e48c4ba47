"""Tables, counts and durations as people read them on a terminal."""

from collections.abc import Iterable, Sequence


def table(rows: Sequence[Sequence[str]], numbers: int) -> str:
    """Align columns: names to the left, the last `numbers` columns to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    names = len(widths) - numbers

    def line(cells: Iterable[str]) -> str:
        aligned = (
            cell.ljust(width) if i < names else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join(aligned).rstrip()

    return "\n".join(line(row) for row in rows)


def count(number: int, thing: str) -> str:
    """Write a number of things: ``1 seed``, ``2 seeds``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def duration(seconds: float) -> str:
    """Write seconds in the largest unit that they fill."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.1f} s"
