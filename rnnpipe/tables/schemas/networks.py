"""Tables of blocks on what networks are trained to and do: training, behaviour, trajectories."""

from collections.abc import Mapping

from rnnpipe.tables.schemas.columns import Columns, number, numbers, singles, text, whole
from rnnpipe.tables.schemas.shared import COMPONENTS_85, PARTICIPATION_RATIO, SCORE, SEED, TRAINED

NETWORKS: Mapping[str, Columns] = {
    "history": {
        "seed": SEED,
        "step": whole("Training step, from 1."),
        "loss": number(
            "Mean squared error on the step's trials before its update, weighted by the task's "
            "mask, without penalties."
        ),
        "validation_loss": number(
            "Mean squared error on the network's validation trials after the step; NaN where it "
            "was not validated."
        ),
        "learning_rate": number("Learning rate of the step."),
        "gradient_norm": number("Norm of the gradient of all weights, before it is clipped."),
    },
    "training": {
        "seed": SEED,
        "score": SCORE,
        **TRAINED,
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
        "participation_ratio": PARTICIPATION_RATIO,
        "components_85": COMPONENTS_85,
    },
}
