"""The columns and types of every table that stages exchange.

Lists are of any length: tables of models of different size then read back as
one, which fixed-size lists do not.
"""

from collections.abc import Mapping

import pyarrow as pa

_TYPES = {
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "text": pa.string(),
    "floats": pa.list_(pa.float64()),
    # Trajectories are large and were trained in single precision.
    "singles": pa.list_(pa.float32()),
}

# The census counts points with this many unstable modes or more together.
MOST_UNSTABLE = 8


def _schema(**columns: str) -> pa.Schema:
    return pa.schema([(name.rstrip("_"), _TYPES[kind]) for name, kind in columns.items()])


SCHEMAS: Mapping[str, pa.Schema] = {
    "history": _schema(
        seed="int",
        step="int",
        loss="float",
        validation_loss="float",
        learning_rate="float",
        gradient_norm="float",
    ),
    "training": _schema(
        seed="int",
        score="float",
        stop_reason="text",
        steps="int",
        best_step="int",
        validation_loss="float",
        test_loss="float",
        spectral_radius_start="float",
        spectral_radius="float",
        silent_units="int",
        sign_violations="int",
        mask_violations="int",
    ),
    "trajectories": _schema(
        seed="int",
        trial="int",
        time="int",
        state="singles",
        input="singles",
        output="singles",
        target="singles",
        condition="float",
    ),
    "components": _schema(
        seed="int", component="int", variance="float", direction="floats", mean="floats"
    ),
    "dimensionality": _schema(seed="int", participation_ratio="float", components_85="int"),
    "fixed_points": _schema(
        seed="int",
        probe="text",
        point="int",
        state="floats",
        q="float",
        kind="text",
        hits="int",
        inside="bool",
        readout="floats",
    ),
    "snapshots": _schema(seed="int", probe="text", level="float", state="floats", readout="floats"),
    "searches": _schema(
        seed="int",
        probe="text",
        starts="int",
        converged="int",
        rounds="int",
        found="int",
        slow="int",
        index_sum="int",
        certificate="text",
        reason="text",
        missing="float",
        cycles="int",
        cycle_share="float",
        spread="float",
    ),
    "stability": _schema(
        seed="int",
        probe="text",
        point="int",
        unstable="int",
        class_="text",
        index="int",
        spectral_radius="float",
        time_constant="float",
        frequency="float",
    ),
    "modes": _schema(
        seed="int",
        probe="text",
        point="int",
        mode="int",
        re="float",
        im="float",
        right_re="floats",
        right_im="floats",
        left_re="floats",
        left_im="floats",
    ),
    "edges": _schema(
        seed="int",
        probe="text",
        from_="int",
        to="int",
        kind="text",
        input="text",
        probability="float",
        trials="int",
        median_steps="float",
    ),
    "networks": _schema(
        task="text",
        model="text",
        constraint="text",
        seed="int",
        score="float",
        solved="bool",
        stop_reason="text",
        steps="int",
        best_step="int",
        validation_loss="float",
        test_loss="float",
        spectral_radius_start="float",
        spectral_radius="float",
        silent_units="int",
        sign_violations="int",
        mask_violations="int",
        participation_ratio="float",
        components_85="int",
        probe="text",
        found="int",
        slow="int",
        marginal="int",
        **{f"unstable_{k}": "int" for k in range(MOST_UNSTABLE + 1)},
        index_sum="int",
        certificate="text",
        reason="text",
        missing="float",
        cycles="int",
        cycle_share="float",
        edges="int",
        unassigned="float",
        machine_states="int",
        machine_right="float",
    ),
    "machine": _schema(
        task="text",
        model="text",
        constraint="text",
        seed="int",
        probe="text",
        source="int",
        input="text",
        expected="int",
        probability="float",
        right="bool",
    ),
    "seconds": _schema(
        stage="text",
        task="text",
        model="text",
        constraint="text",
        seeds="text",
        networks="int",
        seconds="float",
        cpu_seconds="float",
        memory_mb="float",
    ),
}
