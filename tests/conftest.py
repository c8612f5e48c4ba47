"""Every test computes as a job does: on one thread, with reproducible matrix products."""

from rnnpipe.job import limit_threads

limit_threads(1)
