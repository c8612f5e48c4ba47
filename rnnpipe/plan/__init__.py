"""What there will be: cohorts and blocks, stages, paths, fingerprints; without torch and pandas."""
