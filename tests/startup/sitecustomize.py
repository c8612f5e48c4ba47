"""Python imports this first: processes that tests start collect garbage rarely.

A job that imports torch makes so many objects that a sixth of its start is looking for garbage,
of which there is none.
"""

import gc

gc.set_threshold(50_000, 20, 100)
