"""Tables of networks that are as the textbook has them."""

from itertools import product

import numpy as np
import pandas as pd

from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.settings.sections.analysis import ResamplingSettings
from rnnpipe.tasks import Context, FlipFlop, Integrator, SineWave

BITS = 2


def _who(seed: int) -> dict:
    return {"model": "m", "constraint": "none", "seed": seed}


def networks(seeds: int, probes: list[str], **columns) -> pd.DataFrame:
    rows = [{**_who(seed), "probe": probe} for seed in range(seeds) for probe in probes]
    return pd.DataFrame(rows).assign(solved=True, **columns)


def flipflops(seeds: int = 12) -> Evidence:
    """{-1, 0, 1}^K, unstable along the zeros; noise leads to both neighbours."""
    places = np.array(list(product((-1.0, 0.0, 1.0), repeat=BITS)))
    unstable = (places == 0).sum(1)
    points = pd.DataFrame({"point": range(len(places)), "readout": list(0.9 * places)})
    classes = points[["point"]].assign(unstable=unstable, **{"class": "saddle"})
    edges = [
        {"from": i, "to": j, "probability": 0.5}
        for i, saddle in enumerate(places)
        for j, end in enumerate(places)
        if unstable[i] == 1 and unstable[j] == 0 and np.abs(saddle - end).sum() == 1
    ]

    def of_all(frame: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([frame.assign(probe="zero", **_who(seed)) for seed in range(seeds)])

    return Evidence(
        FlipFlop(bits=BITS),
        {
            "networks": networks(seeds, ["zero"], unstable_0=4, machine_right=1.0),
            "fixed_points": of_all(points.assign(kind="fixed", beyond_visited=True)),
            "stability": of_all(classes),
            "edges": of_all(pd.DataFrame(edges).assign(kind="noise")),
        },
        ResamplingSettings(resamples=200, seed=0),
    )


def integrators(seeds: int = 12) -> Evidence:
    curves = networks(seeds, ["zero"], kind="ring", nature="attractor", turns=-1.001).drop(
        columns="solved"
    )
    return Evidence(
        Integrator(),
        {"networks": networks(seeds, ["zero"], rings=1, lines=0), "continua": curves},
        ResamplingSettings(resamples=200, seed=0),
    )


def oscillators(seeds: int = 12) -> Evidence:
    """One unstable pair at the frequency of the probe."""
    task = SineWave()
    targets = task.probe_conditions()
    rows = networks(seeds, list(targets), unstable_0=0, unstable_2=1)
    who = rows[["model", "constraint", "seed", "probe"]].assign(point=0)
    points = who.assign(period=1, unstable=2, spectral_radius=1.1, **{"class": "2-saddle"})
    points["frequency"] = points["probe"].map(targets) / (2 * np.pi)
    tables = {
        "networks": rows,
        "stability": points,
        "fixed_points": who.assign(beyond_visited=False),
    }
    return Evidence(task, tables, ResamplingSettings(resamples=200, seed=0))


def integrators_of_context(seeds: int = 12) -> Evidence:
    """A leading eigenvalue of 0.99, driven by the cued stream."""
    task = Context()
    rows = networks(seeds, list(task.probes()))
    modes = rows.drop(columns="solved").assign(point=0, mode=0, re=0.99, im=0.0)
    modes["input_gain"] = [
        np.array([1.0, 0.1, 0, 0] if probe == "context1" else [0.1, 1.0, 0, 0])
        for probe in modes["probe"]
    ]
    points = modes[["model", "constraint", "seed", "probe", "point"]]
    tables = {
        "networks": rows,
        "responses": modes,
        "fixed_points": points.assign(beyond_visited=False),
        "stability": points.assign(**{"class": "stable"}),
    }
    return Evidence(task, tables, ResamplingSettings(resamples=200, seed=0))
