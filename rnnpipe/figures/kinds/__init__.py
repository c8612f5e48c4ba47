"""The kinds of figure, one file per kind."""
