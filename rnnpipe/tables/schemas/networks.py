"""Tables of blocks on what networks are trained to and do: training, behaviour, trajectories."""

from collections.abc import Mapping

from rnnpipe.tables.schemas.columns import Columns, number, numbers, singles, text, whole
from rnnpipe.tables.schemas.shared import SEED

NETWORKS: Mapping[str, Columns] = {
    "history": {
        "seed": SEED,
        "step": whole("Training step, from 1."),
        "loss": number(
            "Mean squared error on the step's trials before its update, weighted by the task's "
            "mask, without penalties."
        ),
        "validation_loss": number(
            "The same on the network's validation trials after the step; NaN where it was not "
            "validated."
        ),
        "learning_rate": number("Learning rate of the step."),
        "gradient_norm": number("Norm of the gradient of all weights, before it is clipped."),
    },
    "training": {
        "seed": SEED,
        "score": number(
            "The task's score on 256 test trials, in the task's unit; NaN if outputs are not "
            "finite."
        ),
        "stop_reason": text(
            "Why training ended: `steps` (all were taken), `score` or `loss` (low or high enough), "
            "`diverged`; `imported` if it was trained elsewhere."
        ),
        "steps": whole("Training steps that were taken; 0 of an imported network."),
        "best_step": whole(
            "Step whose weights were kept, the best in validation; 0: those before training."
        ),
        "validation_loss": number(
            "Loss in validation at that step; NaN of a network that was never validated."
        ),
        "test_loss": number("Mean squared error on the test trials, weighted by the task's mask."),
        "spectral_radius_start": number(
            "Largest |eigenvalue| of the recurrent weights before training, of a gated cell those "
            "of its candidate; NaN of an imported network."
        ),
        "spectral_radius": number("The same of the trained weights; NaN if they are not finite."),
        "silent_units": whole(
            "Units whose rate never leaves its mean by 0.001 or more on the test trials."
        ),
        "sign_violations": whole("Recurrent weights of another sign than Dale's law asks for; 0."),
        "mask_violations": whole("Recurrent weights that the mask forbids and that are not 0; 0."),
    },
    "behaviour": {
        "seed": SEED,
        "setting": text(
            "What the network is scored on: trials as `trained`, `longer` ones, `unseen` values, "
            "or inputs with `noise`."
        ),
        "level": number(
            "Length of the longer trials over those of training; standard deviation of the noise "
            "over the root mean square of the inputs; NaN for the other settings."
        ),
        "score": number("The task's score, in the task's unit; NaN if outputs are not finite."),
        "trials": whole("Number of trials, the same for all networks of the task."),
    },
    "runs": {
        "seed": SEED,
        "trial": whole("Number of the trial, from 0, the same for all networks of the task."),
        "time": whole("Update of the network in the trial, from 0."),
        "output": singles("Outputs (output)."),
        "target": singles("What the task asks for (output)."),
    },
    "trajectories": {
        "seed": SEED,
        "trial": whole("Number of the trial, from 0, the same for all networks of the task."),
        "time": whole("Update of the network in the trial, from 0."),
        "state": singles("State after the update, without noise (unit)."),
        "input": singles("Inputs of the update (input)."),
        "output": singles("Outputs after the update (output)."),
        "target": singles("What the task asks for (output)."),
        "condition": number(
            "What the network should hold in mind then, as the task defines it; NaN where nothing."
        ),
    },
    "components": {
        "seed": SEED,
        "component": whole("Number of the principal component, from 0, by falling variance."),
        "variance": number(
            "Share of the variance of all harvested states that it explains; 0 if there is none."
        ),
        "direction": numbers("Its direction, of length 1 (unit)."),
        "mean": numbers("Mean of all harvested states, the same for all components (unit)."),
    },
    "dimensionality": {
        "seed": SEED,
        "participation_ratio": number(
            "(Σλ)² / Σλ² of the components' variances λ: how many share the variance; NaN if there "
            "is none."
        ),
        "components_85": whole(
            "Fewest components that explain 85 % of the variance; null if there is none."
        ),
    },
}
