"""What Snakemake measured of one job."""

import csv
from pathlib import Path

COLUMNS = {"s": "seconds", "cpu_time": "cpu_seconds", "max_rss": "memory_mb"}


def read_benchmark(path: str | Path) -> dict[str, float]:
    """Seconds, CPU seconds and memory in MB of a job; NaN where it ran too briefly.

    Of a job that ran more than once the last line is the one that counts.

    Raises
    ------
    OSError, ValueError
        If the file cannot be read or is no benchmark file of Snakemake.
    """
    lines = list(csv.reader(Path(path).read_text().splitlines(), delimiter="\t"))
    if len(lines) < 2:
        raise ValueError("holds no line of numbers")
    last = dict(zip(lines[0], lines[-1], strict=True))
    if lacking := COLUMNS.keys() - last.keys():
        raise ValueError(f"lacks the column(s) {', '.join(sorted(lacking))}")
    return {name: _number(last[column]) for column, name in COLUMNS.items()}


def _number(text: str) -> float:
    return float("nan") if text == "-" else float(text)
