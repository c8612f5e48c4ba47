"""What a job's process does: options, log, progress, checkpoints, signals and locks."""
