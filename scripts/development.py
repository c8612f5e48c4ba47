"""Follow the skeletons of the networks of one block over training."""

from pathlib import Path

from rnnpipe.jobs.job import job
from rnnpipe.plan.stages import STAGES
from rnnpipe.settings.job_settings import DevelopmentJob
from rnnpipe.tables.artifacts import ArtifactError


@job(STAGES["development"])
def main(settings: DevelopmentJob, snapshots: Path, **files: Path) -> None:
    """Follow points and attractors from each kept step to the next, and date what is new."""
    raise ArtifactError(f"{snapshots}: how to follow skeletons over training is not written yet")


if __name__ == "__main__":
    main()
