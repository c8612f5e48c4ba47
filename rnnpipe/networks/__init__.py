"""What a network is and how it runs: cells, constraints, weights files, harvest."""
