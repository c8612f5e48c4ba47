"""Score the trained networks of one block on more than they were trained for."""

from pathlib import Path

import numpy as np

from rnnpipe.jobs.job import job, reads, writes
from rnnpipe.networks.behaviour import outputs_on, scores, settings_of
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.settings.job_settings import BehaviourJob
from rnnpipe.tables.parquet import Chunks, write_table


@job(
    BehaviourJob,
    reads("weights", "the trained networks"),
    writes("behaviour", "one row per network and setting: score"),
    writes("runs", "outputs and targets of some of the longest trials"),
)
def main(settings: BehaviourJob, weights: Path, behaviour: Path, runs: Path) -> None:
    """Score networks on longer trials, on values not seen in training, and with noise."""
    task, wanted = settings.task, settings.behaviour
    networks, seeds = load_networks(weights, {"inputs": task.inputs, "outputs": task.outputs})
    scored, kept = Chunks("behaviour"), Chunks("runs")
    for setting in settings_of(task, wanted):
        outputs = outputs_on(networks, setting.inputs)
        scored.add(
            seed=np.asarray(seeds),
            setting=setting.name,
            level=setting.level,
            score=scores(setting.task, outputs, setting.trials),
            trials=len(setting.trials.inputs),
        )
    # The last setting is the one with the longest trials, or the only one there is.
    targets = setting.trials.targets[: wanted.kept]
    trial, time = np.indices(targets.shape[:2])
    for seed, own in zip(seeds, outputs[:, : wanted.kept], strict=True):
        kept.add(
            seed=seed,
            trial=trial.ravel(),
            time=time.ravel(),
            output=own.reshape(trial.size, -1).astype(np.float32),
            target=targets.reshape(trial.size, -1),
        )
    write_table(behaviour, "behaviour", scored.columns(), settings)
    write_table(runs, "runs", kept.columns(), settings)


if __name__ == "__main__":
    main()
