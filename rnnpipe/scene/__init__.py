"""One network's skeleton in three dimensions: what a scene holds, and how it is drawn."""
