"""Watching an experiment: losses of the blocks that train, and what is done, as files tell it."""

from rnnpipe.commands.watch.loop import watch

__all__ = ["watch"]
