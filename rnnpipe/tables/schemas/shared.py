"""Columns that several tables have."""

from rnnpipe.tables.schemas.columns import Columns, number, numbers, text, whole

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
    "`fixed_points`, or one beyond all points."
)
CONTINUUM = whole("Number of the slow curve or surface, from 0.")
BRANCH = whole("Number of the branch, from 0.")
MODE = whole("Number of the mode, from 0, by falling |λ|.")
RE = number("Real part of the eigenvalue λ.")
IM = number("Imaginary part of the eigenvalue λ.")
STATE = numbers("The state (unit).")
READOUT = numbers("Outputs of the network there (output).")
SCORE = number(
    "The task's score on 256 test trials, in the task's unit; NaN if outputs are not finite."
)
# What training and the test after it told of a network.
TRAINED: Columns = {
    "stop_reason": text(
        "Why training ended: `steps` (all were taken), `score` or `loss` (low or high enough), "
        "`diverged`; `imported` if it was trained elsewhere."
    ),
    "steps": whole("Training steps that were taken; 0 of an imported network."),
    "best_step": whole(
        "Step whose weights were kept, the best in validation; 0: those before training."
    ),
    "validation_loss": number(
        "Mean squared error in validation at the best step; NaN of a network never validated."
    ),
    "test_loss": number("Mean squared error on the test trials, weighted by the task's mask."),
    "spectral_radius_start": number(
        "Largest |eigenvalue| of the recurrent weights before training, of a gated cell those of "
        "its candidate; NaN of an imported network."
    ),
    "spectral_radius": number(
        "Largest |eigenvalue| of the same weights as trained; NaN if they are not finite."
    ),
    "silent_units": whole(
        "Units whose rate never leaves its mean by 0.001 or more on the test trials."
    ),
    "sign_violations": whole("Recurrent weights of another sign than Dale's law asks for; 0."),
    "mask_violations": whole("Recurrent weights that the mask forbids and that are not 0; 0."),
}
PARTICIPATION_RATIO = number(
    "(Σλ)² / Σλ² of the components' variances λ: how many share the variance; NaN where nothing "
    "varies or the network was not harvested."
)
COMPONENTS_85 = whole(
    "Fewest components that explain 85 % of the variance; null where nothing varies or the network "
    "was not harvested."
)
FOUND = whole("Fixed points found, marginal and spurious ones among them.")
SLOW_POINTS = whole("Slow points found.")
INDEX_SUM = whole(
    "Sum of the indices sign det(I - J) of the fixed points in the box; 1 of a complete set."
)
CERTIFICATE = text(
    "Whether these are all points: `proved` (at low rank) or, by the sum of indices, `consistent` "
    "(no sign that points are missing), `incomplete` (some are) or `not applicable`."
)
REASON = text("Why the certificate says so, and what was left out, as a phrase.")
MISSING = number(
    "Chao's estimate of fixed points not seen, from how often each was hit; 0 where all are "
    "proved, NaN of a network that was not searched."
)
MOVING_SHARE = number(
    "Share of the runs from visited states that do not end at rest; NaN without runs."
)
