"""For every claim about single networks and how they develop: faults, and what may be lacking."""

import numpy as np

from rnnpipe.population.findings.births import judge_births
from rnnpipe.population.findings.development import judge_development
from rnnpipe.population.findings.finding import Finding
from tests.population.findings.claim import Claim, both, replaced, without
from tests.population.findings.developing_networks import developed, developing
from tests.population.findings.ideal_networks import Change, spoil

_EVENTS = "development_events"
_NOTHING_KEPT = without(
    "development", "development_points", "development_attractors", "development_events"
)


class Developed(Claim):
    """A claim about how single networks develop: nothing else of them is spoilt."""

    def changed(self, networks: int, wrong: int, change: Change | None) -> Finding:
        """Judge a population in which the development of the first networks is changed."""
        blocks = self.ideal(networks)
        if change is not None:
            blocks = spoil(blocks, range(wrong), change)
        (own,) = (one for one in self.judge(developed(blocks)) if one.claim == self.number)
        return own


DEVELOPMENTS = (
    Developed(
        "F10a",
        developing,
        judge_development,
        {
            "indices that sum to 2 at one step": replaced("development", "index_sum", 2, step=10),
            "no step at which every point has an index": replaced(
                "development", "certificate", "not applicable"
            ),
            "lacking: no kept step": _NOTHING_KEPT,
        },
    ),
    Developed(
        "F10b",
        developing,
        judge_development,
        {
            "a point too few at the end": without(
                "development_points", step=1000, **{"class": "1-saddle"}
            ),
            "a spurious point in a point's place": both(
                replaced("development_points", "beyond_visited", True, identity=0, step=1000),
                replaced("development_points", "class", "marginal", identity=0, step=1000),
            ),
            "all points from the start": without("development", step=[0, 10]),
            "lacking: no points": without("development_points"),
            "lacking: no kept step": _NOTHING_KEPT,
        },
    ),
    Developed(
        "F10c",
        developing,
        judge_development,
        {
            "a death that is not seen": without(_EVENTS, event="death"),
            "a death of unknown kind": replaced(_EVENTS, "kind", "unknown", event="death"),
            "a death without a date": replaced(_EVENTS, "step", np.nan, event="death"),
            "a death at another step": replaced(_EVENTS, "step_before", 10, event="death"),
            "lacking: no kept step": _NOTHING_KEPT,
        },
    ),
    Developed(
        "F10d",
        developing,
        judge_development,
        {
            "solved before its points arise": replaced("development", "score", 1.0, step=10),
            "solved while a memory is away": replaced("development", "score", 1.0, step=200),
            "a memory that is marginal while it is solved": replaced(
                "development_points", "class", "marginal", step=300, identity=0
            ),
            "never solved at a kept step": replaced("development", "score", 0.9),
            "lacking: no kept step": _NOTHING_KEPT,
        },
    ),
    Developed(
        "F12a",
        developing,
        judge_births,
        {
            "a point that arises singly": replaced(_EVENTS, "partner", -1, identity=0),
            "two points of equal index": replaced(_EVENTS, "index", 1, identity=1),
            "a partner of another step": replaced(_EVENTS, "step_before", 0, identity=1),
            "lacking: no kept step": _NOTHING_KEPT,
        },
    ),
)
