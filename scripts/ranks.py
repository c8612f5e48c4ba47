"""Cut the recurrence of the networks of one block to lower ranks, and see what they still do."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import numpy as np

from rnnpipe.dynamics.census import take_census
from rnnpipe.jobs.job import job
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.construction import initial_networks
from rnnpipe.networks.cuts import Cut, cut_change, cut_weights
from rnnpipe.networks.harvest import trajectories
from rnnpipe.networks.rank_scores import least_rank, scores_by_rank
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.plan.stages import STAGES
from rnnpipe.population.rank_skeletons import skeleton_columns
from rnnpipe.results.block_loop import Block, written
from rnnpipe.settings.job_settings import RanksJob
from rnnpipe.streams import stream
from rnnpipe.tables.schemas.ranks import CHANGE, WEIGHTS
from rnnpipe.tasks import Trials
from rnnpipe.training.evaluation import scored_trials

# Trials whose states a skeleton is searched from.
VISITED = 64
# Score by rank of a network and cut, in the order in which they are searched.
Scored = dict[tuple[int, str], dict[int, float]]


@job(STAGES["ranks"])
def main(settings: RanksJob, weights: Path, training: Path, **files: Path) -> None:
    """Score every network of a block at every rank, and count its points and attractors at some."""
    block = Block(weights, settings.task)
    kept = _trained(block, training)
    seeds, networks = [block.seeds[row] for row in kept], block.networks.select(kept)
    cuts = _cuts(networks, seeds, settings)
    trials = scored_trials(block.task, settings.task_name)
    scored: Scored = {}
    for name, cut in cuts.items():
        found = scores_by_rank(cut, range(len(seeds)), settings.ranks.ranks, block.task, trials)
        scored |= {(network, name): own for network, own in found.items()}
    scored = dict(sorted(scored.items()))
    with written(files, settings) as tables:
        for (network, name), own in scored.items():
            solved = [block.task.is_solved(score) for score in own.values()]
            tables["ranks"].add(
                seed=seeds[network],
                cut=name,
                rank=np.array(list(own)),
                singular_value=[cuts[name].singular_value(network, rank) for rank in own],
                score=np.array(list(own.values())),
                solved=solved,
                least=[rank == least_rank(own, block.task) for rank in own],
            )
        for key, facts in _skeletons(settings, seeds, cuts, scored, trials):
            tables["rank_skeletons"].add(**key, **facts)


def _trained(block: Block, training: Path) -> list[int]:
    """Places of the networks whose training did not diverge and whose weights are finite."""
    diverged, finite = block.diverged(training), block.networks.raw.isfinite().all(1).tolist()
    return [row for row, seed in enumerate(block.seeds) if finite[row] and seed not in diverged]


def _cuts(networks: NetworkStack, seeds: list[int], settings: RanksJob) -> Mapping[str, Cut]:
    """What is cut, by its name: of imported networks the weights alone."""
    cuts = {WEIGHTS: cut_weights(networks)}
    if settings.start is not None:
        start, connections = settings.start, map(networks.connectivity, range(len(seeds)))
        begun = initial_networks(
            networks.cell,
            list(connections),
            start.replicates(seeds),
            gain=start.gain,
            rank=start.rank,
            loadings=start.loadings,
        )
        cuts[CHANGE] = cut_change(networks, begun)
    return cuts


def _skeletons(
    settings: RanksJob, seeds: list[int], cuts: Mapping[str, Cut], scored: Scored, trials: Trials
) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    """The key and the counts of every skeleton that is asked for, and at the least ranks."""
    task, probes = settings.task, settings.task.probes()
    wanted = [
        (network, name, rank)
        for (network, name), own in scored.items()
        for rank in settings.ranks.searched(max(own), least_rank(own, task))
    ]
    visited = Trials(*(getattr(trials, own.name)[:VISITED] for own in fields(Trials)))
    line = ProgressLine("searching skeletons", len(wanted) * len(probes))
    done = 0
    for network, name, rank in wanted:
        cut = cuts[name].at([network], [rank])
        states = trajectories(cut, visited)[0].reshape(-1, cut.state_size)
        for probe, x in probes.items():
            key = {"seed": seeds[network], "cut": name, "rank": rank, "probe": probe}
            census = None
            if np.isfinite(states).all():
                rng = stream(seeds[network], f"skeleton at rank {rank} of {name}, {probe}")
                census = take_census(
                    cut.dynamics(0, x),
                    states,
                    rng,
                    settings.fixed_points.model_dump(),
                    settings.attractors.model_dump(),
                )
            yield key, skeleton_columns(census)
            done += 1
            found = "no finite states" if census is None else census.summary
            line.update(done, f"seed {seeds[network]}, {name} of rank {rank}, {probe}: {found}")


if __name__ == "__main__":
    main()
