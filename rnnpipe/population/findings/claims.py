"""All claims about the networks of a task."""

from collections.abc import Callable, Mapping

import pandas as pd

from rnnpipe.population.findings.contexts import contexts
from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import Finding
from rnnpipe.population.findings.learning import beyond, training
from rnnpipe.population.findings.memory import memory
from rnnpipe.population.findings.oscillation import oscillation
from rnnpipe.population.findings.ring import ring
from rnnpipe.population.findings.universality import universality
from rnnpipe.tables.schemas import SCHEMAS

Claims = Callable[[Evidence], list[Finding]]

OF_KIND: Mapping[str, Claims] = {
    "flipflop": memory,
    "integrator": ring,
    "sinewave": oscillation,
    "context": contexts,
}


def findings_of(task: str, kind: str, evidence: Evidence) -> pd.DataFrame:
    """Rows of the table ``findings`` about one task, in the order of the claims.

    Parameters
    ----------
    task, kind
        Name of the task in the experiment, and its kind.
    evidence
        Its tables.
    """
    own = [OF_KIND[kind]] if kind in OF_KIND else []
    found = [
        finding for claims in (training, *own, universality, beyond) for finding in claims(evidence)
    ]
    return pd.DataFrame([vars(finding) for finding in found]).assign(task=task)[
        SCHEMAS["findings"].names
    ]
