"""Names of input channels, by which experiment files name them."""


def numbered(name: str, count: int) -> tuple[str, ...]:
    """``name1``, ``name2``, …"""
    return tuple(f"{name}{i + 1}" for i in range(count))


def heading_channels(angles: int, cued: bool) -> tuple[str, ...]:
    """``speed``, and if cued ``cos`` and ``sin``; with a number where there are several angles."""
    numbers = [""] if angles == 1 else [str(angle + 1) for angle in range(angles)]
    cues = [f"{name}{n}" for n in numbers for name in ("cos", "sin")]
    return (*(f"speed{n}" for n in numbers), *(cues if cued else ()))


def context_channels() -> tuple[str, ...]:
    """Two streams of evidence, and the lines that say which one counts."""
    return (*numbered("stream", 2), *numbered("context", 2))


def decision_channels() -> tuple[str, ...]:
    """Fixation, and evidence for either choice."""
    return ("fixation", *numbered("evidence", 2))


def match_channels(items: int, encoding: str) -> tuple[str, ...]:
    """Fixation, and a line for each item, or the place of one on a ring."""
    return ("fixation", *(("cos", "sin") if encoding == "ring" else numbered("item", items)))


def antisaccade_channels() -> tuple[str, ...]:
    """Fixation, the stimulus's direction, and the lines that say which rule holds."""
    return ("fixation", "cos", "sin", "pro", "anti")


def cued_stream(probe: str) -> int | None:
    """Number of the stream, from 0, that a probe ``…N`` cues: N - 1; ``None`` without a number."""
    digits = probe[len(probe.rstrip("0123456789")) :]
    return int(digits) - 1 if digits else None
