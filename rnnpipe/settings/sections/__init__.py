"""What may stand in an experiment file, one file per section."""
