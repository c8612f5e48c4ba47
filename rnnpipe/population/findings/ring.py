"""F3: integrators at rest have one ring of slow states that the heading goes round once."""

import numpy as np

from rnnpipe.population.findings.evidence import NETWORK, Evidence
from rnnpipe.population.findings.finding import Finding, share


def ring(evidence: Evidence) -> list[Finding]:
    """One ring of slow states, traversed once by the readout."""
    probe = next(iter(evidence.task.probes()))
    networks = evidence.networks(probe).set_index(NETWORK)
    curves = evidence.of_solved("continua")
    rings = curves[(curves["probe"] == probe) & (curves["kind"] == "ring")]
    once = rings[np.abs(rings["turns"]).round() == 1].groupby(NETWORK, observed=True).size()
    only = (networks["rings"] == 1) & (networks["lines"] == 0)
    right = only & (once.reindex(networks.index).fillna(0) == 1)
    return [
        share(
            "F3",
            "Solved integrators have, at rest, one ring of slow states that the heading goes "
            "round once.",
            "share of networks",
            right.to_numpy(),
            0.95,
        )
    ]
