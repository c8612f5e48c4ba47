"""Distances between networks, a file per family of metrics.

A distance takes the features of every network, read one network at a time, and
returns the distances of all pairs at once: (network, network), exactly symmetric,
zero on the diagonal, NaN where two networks cannot be compared.
"""
