"""The meadows of Jongman, ter Braak & van Tongeren 1987: 20 sites, 30 species, five variables.

Data Analysis in Community and Landscape Ecology, Pudoc, Wageningen; as in the R package
vegan, ``data(dune)`` and ``data(dune.env)``.
"""

import numpy as np
from scipy.spatial.distance import pdist, squareform

# One line per site and one digit per species: its cover, from 0 to 9.
_COVER = """
100000000004000070420000000000
300203400004000050470000505000
040702000004000060560000202020
080202302004000050450050201020
200042200004000025260500322020
200030000000000065340600355060
200020200000000265450300322020
040500000040004040442020302020
030300000006004420450220203020
400042400000000063440000306120
000000000000020073400020503240
040800000000000400040240203040
050500010000000300292020202000
040000000240000000002000206004
040000000250003000002000201040
070400000080003000022000000043
202040000000020002100000200000
000002000000000023300003502160
003040000000250000000033602030
050000000040004000004005200043
"""

# Thickness of the A1 horizon; classes of moisture, management, use and manure.
_A1 = "2.8 3.5 4.3 4.2 6.3 4.3 2.8 4.2 3.7 3.3 3.5 5.8 6.0 9.3 11.5 5.7 4.0 4.6 3.7 3.5"
_MOISTURE = "1 1 2 2 1 1 1 5 4 2 1 4 5 5 5 5 2 1 5 5"
_MANAGEMENT = "SF BF SF SF HF HF HF HF HF BF BF SF SF NM NM SF NM NM NM NM"
_USE = "p p p p h p a a h h a p p a p a h h h h"  # hayfield, pasture, both
_MANURE = "4 2 4 4 2 2 3 3 1 1 1 2 3 0 0 3 0 0 0 0"


def bray_curtis() -> np.ndarray:
    """Bray-Curtis dissimilarities (site, site)."""
    cover = np.array([list(map(int, line)) for line in _COVER.split()], dtype=float)
    return squareform(pdist(cover, "braycurtis"))


def variables() -> dict[str, np.ndarray]:
    """Variables in vegan's order: A1 as a number (site, 1), the others as labels (site,)."""
    labels = {"Moisture": _MOISTURE, "Management": _MANAGEMENT, "Use": _USE, "Manure": _MANURE}
    numbers = np.array(_A1.split(), dtype=float)[:, None]
    return {"A1": numbers} | {name: np.array(text.split()) for name, text in labels.items()}
