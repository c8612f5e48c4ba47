"""The files between stages: artifacts with provenance, and the schemas of their columns."""
