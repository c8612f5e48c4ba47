"""Columns that many tables have: they name what a row is about."""

from rnnpipe.tables.schemas.columns import number, numbers, text, whole

TASK = text("Name of the task.")
MODEL = text("Name of the model.")
CONSTRAINT = text("Name of the constraint.")
SEED = whole("Seed of the network.")
PROBE = text("Name of the probe.")
SWEEP = text("Name of the probe whose input is swept.")
POINT = whole("Number of the point, from 0, as in the table `fixed_points`.")
ATTRACTOR = whole("Number of the attractor, from 0: stable points first, then by kind.")
NODE = whole(
    "Number of the attractor as a node of the graph: that of its point in the table "
    "`fixed_points`, or one beyond all of these."
)
CONTINUUM = whole("Number of the slow curve or surface, from 0.")
BRANCH = whole("Number of the branch, from 0.")
MODE = whole("Number of the mode, from 0, by falling |λ|.")
RE = number("Real part of the eigenvalue λ.")
IM = number("Imaginary part of the eigenvalue λ.")
STATE = numbers("The state (unit).")
READOUT = numbers("Outputs of the network there (output).")
