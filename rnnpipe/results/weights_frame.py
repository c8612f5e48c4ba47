"""Effective weights of one network as a long table, for figures."""

import numpy as np
import pandas as pd

from rnnpipe.networks.stack import NetworkStack


def weights_frame(networks: NetworkStack, network: int) -> pd.DataFrame:
    """One network's effective weights; of a gated cell's gates, those of the candidate.

    Returns
    -------
    DataFrame
        matrix (``recurrent``, ``input``, ``output``), row (post), column
        (pre), value, and of the units on either side: row_region,
        column_region, column_sign (+1, -1, 0 where Dale's law does not hold).
        A side that has no units, such as an input channel, has empty ones.
    """
    weights = networks.weights()
    matrices = {
        "recurrent": networks.candidate(weights.recurrent),
        "input": networks.candidate(weights.input),
        "output": weights.output,
    }
    regions = np.array(networks.regions, dtype=object)
    sign = networks.sign[network].numpy().astype(int)
    frames = []
    for name, rows_are_units, columns_are_units in (
        ("recurrent", True, True),
        ("input", True, False),
        ("output", False, True),
    ):
        values = matrices[name][network].detach().numpy()
        row, column = (index.ravel() for index in np.indices(values.shape))
        frames.append(
            pd.DataFrame(
                {
                    "matrix": name,
                    "row": row,
                    "column": column,
                    "value": values.ravel(),
                    "row_region": regions[row] if rows_are_units else "",
                    "column_region": regions[column] if columns_are_units else "",
                    "column_sign": sign[column] if columns_are_units else 0,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)
