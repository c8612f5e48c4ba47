"""Figures: tables in, matplotlib figures out.

Each kind of figure is a module of this package with ``prepare`` (tables to one tidy table of
exactly what is drawn), ``draw`` (that table to a figure) and ``describe`` (its caption), and has
a line in ``kinds.KINDS``.
"""
