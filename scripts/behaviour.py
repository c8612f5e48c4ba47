"""Score the trained networks of one block on more than they were trained for."""

from pathlib import Path

import numpy as np

from rnnpipe.jobs.job import job
from rnnpipe.networks.behaviour import outputs_on, scores, settings_of
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import Block, written
from rnnpipe.settings.job_settings import BehaviourJob


@job(STAGES["behaviour"])
def main(settings: BehaviourJob, weights: Path, **files: Path) -> None:
    """Score networks on longer trials, on values not seen in training, and with noise."""
    block, wanted = Block(weights, settings.task), settings.behaviour
    with written(files, settings) as tables:
        for setting in settings_of(block.task, settings.task_name, wanted):
            outputs = outputs_on(block.networks, setting.inputs)
            tables["behaviour"].add(
                seed=np.asarray(block.seeds),
                setting=setting.name,
                level=setting.level,
                score=scores(setting.task, outputs, setting.trials),
                trials=len(setting.trials.inputs),
            )
        # The last setting is the one with the longest trials, or the only one there is.
        targets = setting.trials.targets[: wanted.kept]
        trial, time = np.indices(targets.shape[:2])
        for seed, own in zip(block.seeds, outputs[:, : wanted.kept], strict=True):
            tables["runs"].add(
                seed=seed,
                trial=trial.ravel(),
                time=time.ravel(),
                output=own.reshape(trial.size, -1).astype(np.float32),
                target=targets.reshape(trial.size, -1),
            )


if __name__ == "__main__":
    main()
