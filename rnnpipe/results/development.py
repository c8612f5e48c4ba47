"""Networks over the steps at which their weights were kept, and what is found of them as rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from rnnpipe.dynamics.development import Development, Event, Moment, Skeleton
from rnnpipe.dynamics.development.attractors import Kept
from rnnpipe.dynamics.maps import Driven
from rnnpipe.dynamics.spread import spread
from rnnpipe.networks.between import between
from rnnpipe.networks.constraints import spectral_radius
from rnnpipe.networks.harvest import participation_ratio, principal_components, trajectories
from rnnpipe.networks.snapshots import Snapshots
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.streams import stream
from rnnpipe.tasks import Task
from rnnpipe.training.evaluation import TEST_TRIALS, evaluate

# A table and some rows of it, without the columns of the network and the probe.
Rows = tuple[str, dict[str, np.ndarray]]


@dataclass(frozen=True)
class Growth:
    """One network over its kept steps.

    Attributes
    ----------
    seed
        Its seed.
    networks
        The network at every kept step, as a stack.
    steps
        (step,), training steps done.
    score, loss
        (step,), on the test trials of its task.
    visited
        (step, state, unit), states on some trials; all finite up to `usable`.
    usable
        Number of steps, the first ones, at which all states are finite; of later ones nothing
        is sought.
    """

    seed: int
    networks: NetworkStack
    steps: np.ndarray
    score: np.ndarray
    loss: np.ndarray
    visited: np.ndarray
    usable: int

    def moments(self, x: np.ndarray) -> list[Moment]:
        """The maps held at an input x (input,), and the states visited, of usable steps."""
        return [
            Moment(self.networks.dynamics(row, x), self.visited[row]) for row in range(self.usable)
        ]

    def family(self, x: np.ndarray) -> Callable[[int], Driven]:
        """Of the number of a step: the networks between it and the next, held at x (input,)."""
        held = torch.as_tensor(x)
        return lambda row: between(self.networks, row, row + 1, held)

    def facts(self) -> dict[str, np.ndarray]:
        """Columns (step,) that do not depend on the probe."""
        recurrent = self.networks.weights().recurrent.double()
        radii = [spectral_radius(w) for w in self.networks.candidate(recurrent).numpy()]
        ratio, scale = np.full((2, len(self.steps)), np.nan)
        for row, states in enumerate(self.visited[: self.usable]):
            ratio[row] = participation_ratio(principal_components(states).variance)
            scale[row] = spread(states)
        return {
            "step": self.steps,
            "score": self.score,
            "test_loss": self.loss,
            "spectral_radius": np.array(radii),
            "participation_ratio": ratio,
            "spread": scale,
        }


def chosen(probes: Mapping[str, np.ndarray], count: int | None) -> dict[str, np.ndarray]:
    """So many of the probes, evenly spread over their order, the first and last among them."""
    names = list(probes)
    if count is None or count >= len(names):
        return dict(probes)
    places = np.linspace(0, len(names) - 1, count) if count > 1 else [(len(names) - 1) / 2]
    return {names[int(place)]: probes[names[int(place)]] for place in np.floor(places)}


def growths(
    kept: Snapshots, task: Task, name: str, trials: int, first: int = 0
) -> Iterator[Growth]:
    """The networks of a block over their kept steps, on the task's test trials.

    Parameters
    ----------
    kept
        The networks at all steps.
    task, name
        What they are trained to do, and its name, to which the trials belong.
    trials
        Number of trials whose states are visited.
    first
        Row of the first network.
    """
    test = task.part("test")
    scored = test.sample(TEST_TRIALS, stream(0, "test trials", name))
    harvested = test.sample(trials, stream(0, "development trials", name))
    for row, seed in enumerate(kept.seeds[first:], start=first):
        networks, steps = kept.of(row)
        score, loss = evaluate(networks, task, [scored] * len(networks))
        states = trajectories(networks, harvested)[0]
        visited = states.reshape(len(steps), -1, states.shape[-1])
        finite = np.isfinite(visited).all((1, 2))
        usable = len(steps) if finite.all() else int(finite.argmin())
        yield Growth(seed, networks, steps, score, loss, visited, usable)


def rows_of(growth: Growth, found: Development) -> Iterator[Rows]:
    """What is found of a network under a probe, as rows of the tables."""
    yield "development", {**growth.facts(), **_counts(found.skeletons, len(growth.steps))}
    outputs = growth.networks.outputs
    seen = [outputs(row, one.points.states) for row, one in enumerate(found.skeletons)]
    for row, skeleton in enumerate(found.skeletons):
        points = skeleton.points
        yield (
            "development_points",
            {
                "step": np.full(len(points), growth.steps[row]),
                "identity": found.points.identities[row],
                "state": points.states,
                "readout": seen[row],
                "unstable": points.unstable,
                "class": points.labels,
                "index": points.index,
                "spectral_radius": np.abs(points.eigenvalues).max(1, initial=0),
                "beyond_visited": _beyond(points.states, growth.visited[row]),
            },
        )
    along: list[list[np.ndarray]] = []
    for row, skeleton in enumerate(found.skeletons):
        kept = skeleton.attractors
        along.append([outputs(row, one.states) for one in kept.attractors])
        for rows in _attractors(kept, along[row], skeleton):
            own = {"step": growth.steps[row], "identity": found.attractors.identities[row]}
            yield "development_attractors", {**own, **rows}
    told = (*_point_events(found, seen), *_attractor_events(found, along))
    for event, columns in told:
        yield "development_events", {**_event(event, growth.steps), **columns}


def _point_events(
    found: Development, seen: Sequence[np.ndarray]
) -> Iterator[tuple[Event, dict[str, Any]]]:
    """Births and deaths of points, with what is told of each; `seen` are readouts per step."""
    for event in found.points.events:
        place = found.points.identities[event.at].tolist().index(event.identity)
        points = found.skeletons[event.at].points
        yield (
            event,
            {
                "of": "point",
                "unstable": points.unstable[place],
                "index": points.index[place],
                "readout": seen[event.at][place][None],
            },
        )


def _attractor_events(
    found: Development, along: Sequence[Sequence[np.ndarray]]
) -> Iterator[tuple[Event, dict[str, Any]]]:
    """Births and deaths of attractors, with what is told; `along` are their readouts per step."""
    for event in found.attractors.events:
        place = found.attractors.identities[event.at].tolist().index(event.identity)
        point = found.skeletons[event.at].attractors.points[place]
        yield (
            event,
            {
                "of": "attractor",
                "unstable": 0,
                "index": int(point >= 0),
                "readout": along[event.at][place].mean(0, keepdims=True),
            },
        )


def _counts(skeletons: Sequence[Skeleton], steps: int) -> dict[str, np.ndarray]:
    """Columns (step,) that count; of steps at which nothing is sought, zeros."""
    empty = steps - len(skeletons)
    return {
        "points": _padded([len(one.points) for one in skeletons], empty, 0),
        "stable": _padded(
            [int((one.points.labels == "stable").sum()) for one in skeletons], empty, 0
        ),
        "attractors": _padded([len(one.attractors.attractors) for one in skeletons], empty, 0),
        "moving_share": _padded([one.runs.moving_share for one in skeletons], empty, np.nan),
        "index_sum": _padded([one.index_sum for one in skeletons], empty, 0),
        "certificate": _padded([one.verdict for one in skeletons], empty, "not applicable"),
        "missed": _padded([one.missed for one in skeletons], empty, 0),
    }


def _padded(values: Sequence[object], count: int, value: object) -> np.ndarray:
    column = [*values, *[value] * count]
    return np.array(column, dtype=object if isinstance(value, str) else None)


def _beyond(states: np.ndarray, visited: np.ndarray) -> np.ndarray:
    """Whether points (point, unit) lie farther from the mean than all visited states."""
    mean = visited.mean(0)
    return np.linalg.norm(states - mean, axis=1) > np.linalg.norm(visited - mean, axis=1).max()


def _attractors(
    kept: Kept, readouts: Sequence[np.ndarray], skeleton: Skeleton
) -> Iterator[dict[str, np.ndarray]]:
    """Columns (attractor,) of the attractors of a step; nothing where there is none."""
    found, runs = kept.attractors, skeleton.runs
    if not found:
        return
    box = np.array([one.box for one in found])
    yield {
        "point": kept.points,
        "kind": np.array([one.kind for one in found], dtype=object),
        "period": np.array([one.period for one in found]),
        "rotation": np.array([one.rotation for one in found]),
        "amplitude": np.array([one.amplitude for one in found]),
        "visited_share": np.array([one.visited for one in found]) / runs.visited_runs,
        "box_share": box / runs.box_runs if runs.box_runs else np.full(len(found), np.nan),
        "state": np.stack([one.states[0] for one in found]),
        "readout": np.stack([own.mean(0) for own in readouts]),
        "readout_low": np.stack([own.min(0) for own in readouts]),
        "readout_high": np.stack([own.max(0) for own in readouts]),
    }


def _event(event: Event, steps: np.ndarray) -> dict[str, object]:
    """Columns of one event, but for what is born or dies."""
    before, after = steps[event.before], steps[event.before + 1]
    return {
        "event": "birth" if event.birth else "death",
        "identity": event.identity,
        "partner": event.partner,
        "kind": event.turn.kind,
        "step_before": before,
        "step_after": after,
        "step": before + event.turn.share * (after - before),
    }
