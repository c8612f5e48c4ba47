"""Interactive pages, one file each: a network to turn and zoom, an experiment to search."""
