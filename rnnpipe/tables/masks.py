"""Mask files: matrices of 0 and 1 that tell which connections exist."""

from pathlib import Path

import numpy as np

from rnnpipe.given_files import require_regular_file

# A mask of 30,000 units, a byte for each connection.
MOST_BYTES = 10**9


def load_mask(path: str | Path) -> np.ndarray:
    """Read a mask from a ``.npy`` file, or a ``.csv`` file without header.

    Returns
    -------
    ndarray of bool, (row, column)
        Whether each connection exists; rows are postsynaptic.

    Raises
    ------
    ValueError
        If there is no such file, it cannot be read as a matrix, or it holds
        anything but 0 and 1.
    """
    try:
        require_regular_file(path, MOST_BYTES)
        if str(path).endswith(".npy"):
            mask = np.load(path, allow_pickle=False)
        else:
            mask = np.loadtxt(path, delimiter=",", ndmin=2)
    except FileNotFoundError:
        raise ValueError("there is no such file in the working directory") from None
    except (OSError, ValueError, EOFError, MemoryError) as error:
        raise ValueError(f"cannot be read as a matrix of numbers ({error})") from None
    if not isinstance(mask, np.ndarray):
        raise ValueError("is an archive of arrays (numpy.savez); save the mask with numpy.save")
    if mask.dtype.kind not in "biuf":
        raise ValueError(f"holds values of type {mask.dtype}, not 0 and 1")
    if mask.ndim != 2:
        raise ValueError(f"has {mask.ndim} dimensions; a mask has 2")
    if not np.isin(mask, (0, 1)).all():
        raise ValueError("holds values other than 0 and 1")
    return mask.astype(bool)
