"""Distances between networks, statistics on them, and maps of a population.

A distance takes what was read of every network, reduced one network at a time,
and returns the distances of all pairs at once: (network, network), exactly
symmetric, zero on the diagonal, NaN where a pair cannot be compared.
"""
