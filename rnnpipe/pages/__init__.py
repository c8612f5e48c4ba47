"""Interactive pages, a file each: a network to turn and zoom, an experiment to sort and search."""
