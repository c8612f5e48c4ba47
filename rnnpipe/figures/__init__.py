"""Figures: tables in, matplotlib figures out.

Each kind of figure is a module of ``kinds``: what it needs (``NEEDS``), ``prepare`` (tables to one
tidy table of exactly what is drawn), ``draw`` (that table to a figure) and ``describe`` (its
caption). Its name stands in ``kinds.NAMES``. ``panels`` holds what several kinds draw.
"""
