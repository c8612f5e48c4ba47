"""From YAML to a valid experiment: reading, faults, schema."""
