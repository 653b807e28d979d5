"""The CDNOW sample the literature's figures are computed on.

Belongs here: reading the fixture. Does not belong here: what is expected of it.
"""

from functools import lru_cache

import pandas as pd

from pipeline.analysis.triples import Triples
from pipeline.settings import PROJECT_ROOT


@lru_cache(maxsize=1)
def customers() -> pd.DataFrame:
    """One row per customer; times in days."""
    return pd.read_csv(PROJECT_ROOT / "tests" / "fixtures" / "cdnow_tenth.csv")


def triples(*, unit: float) -> Triples:
    """Histories to 1997-09-30 in units of so many days."""
    frame = customers()
    return Triples.grouped(
        *(frame[name].to_numpy(dtype=float) / per for name, per in (("x", 1), ("t_x", unit), ("T", unit)))
    )
