"""How well networks do a task at each rank that their recurrent weights are cut to."""

from collections.abc import Iterator, Mapping, Sequence

from rnnpipe.networks.behaviour import outputs_on, scores
from rnnpipe.networks.cuts import Cut
from rnnpipe.tasks import Task, Trials

# Memory for the weights of the networks that are cut at once.
WEIGHT_BYTES = 256e6


def scores_by_rank(
    cut: Cut, networks: Sequence[int], asked: Sequence[int], task: Task, trials: Trials
) -> dict[int, dict[int, float]]:
    """Score networks at the ranks asked for, and between the ranks where they begin to do the task.

    Ranks from the numerical rank on are one and the same network, which is scored once, whether
    asked for or not. Then the ranks between the highest that fails and the next that solves the
    task are scored too, so that the least rank is told exactly.

    Parameters
    ----------
    networks
        Places in the block of the networks that are scored.
    asked
        Ranks.
    task, trials
        What they are scored on.

    Returns
    -------
    dict
        Network -> rank -> score, by rising rank; NaN where outputs are not finite.
    """
    found: dict[int, dict[int, float]] = {network: {} for network in networks}

    def score(pairs: Sequence[tuple[int, int]]) -> None:
        for (network, rank), value in zip(pairs, _scores(cut, pairs, task, trials), strict=True):
            found[network][rank] = value

    full = {network: int(cut.rank[network]) for network in networks}
    score([(n, r) for n, top in full.items() for r in sorted({min(r, top) for r in (*asked, top)})])
    score([(n, r) for n in networks for r in _unsure(found[n], task)])
    return {network: dict(sorted(own.items())) for network, own in found.items()}


def _unsure(scored: Mapping[int, float], task: Task) -> range:
    """Ranks between the highest that fails and the next higher one, which solves the task."""
    least = least_rank(scored, task)
    below = [rank for rank in scored if least is not None and rank < least]
    return range(max(below) + 1, least) if below else range(0)


def least_rank(scored: Mapping[int, float], task: Task) -> int | None:
    """Least rank from which on a network does its task at every rank that was scored.

    Parameters
    ----------
    scored
        Rank -> score.

    Returns
    -------
    int or None
        None if the network does not do its task at the highest rank, where nothing is cut.
    """
    least = None
    for rank in sorted(scored, reverse=True):
        if not task.is_solved(scored[rank]):
            break
        least = rank
    return least


def _scores(
    cut: Cut, pairs: Sequence[tuple[int, int]], task: Task, trials: Trials
) -> Iterator[float]:
    """Score pairs of a network and a rank, as many at once as there is memory for."""
    one = cut.networks.raw[0].numel() * 8 + cut.whole[0].numel() * 8
    step = max(1, int(WEIGHT_BYTES // one))
    for first in range(0, len(pairs), step):
        part = pairs[first : first + step]
        outputs = outputs_on(cut.at(*zip(*part, strict=True)), trials.inputs)
        yield from scores(task, outputs, trials).tolist()
