"""Fitting a block of networks to a task."""
