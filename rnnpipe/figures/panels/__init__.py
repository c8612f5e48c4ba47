"""Panels that several kinds of figure share."""
