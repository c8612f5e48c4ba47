"""What explains the distances between networks, and what constraints change."""
