"""Frames that pass the suites and are no rows of a published table: good days, good profiles, a good table as a whole.

Belongs here: small frames. Does not belong here: rows of published tables (``good_frames``), assertions.
"""

from typing import Any

import pandas as pd

from pipeline.contracts import CONTRACTS


def good_days(table: str) -> pd.DataFrame:
    """Two good extract days of a table, one large and one small."""
    counts: list[dict[str, Any]] = [
        {
            "received_count": 1000,
            "loaded_count": 990,
            "quarantined_count": 0,
            "duplicate_count": 8,
            "set_aside_count": 2,
        },
        {
            "received_count": 10,
            "loaded_count": 10,
            "quarantined_count": 0,
            "duplicate_count": 0,
            "set_aside_count": 0,
        },
    ]
    frame = pd.DataFrame(counts).assign(
        extract_date=["2024-03-01", "2024-03-02"],
        is_readable=True,
        quarantine_rate=0.0,
        duplicate_rate=0.008,
        conservation_gap=0,
        unknown_column_count=0,
        usual_count=300.0,
        volume_ratio=[3.3, 0.06],
        volume_deviation=0.5,
        quarantine_deviation=0.0,
        duplicate_deviation=0.2,
        freshness_days=1.0,
    )
    return frame.assign(**{f"null_rate_{name}": 0.02 for name, _ in CONTRACTS[table].landed_columns})


def good_columns() -> pd.DataFrame:
    """Profiles of two columns, as usual; the name of the day or of the table is added by who needs it."""
    row = {
        "row_count": 1000.0, "null_rate": 0.02, "usual_null_rate": 0.02, "null_change": 0.0,
        "null_deviation": 0.1, "default_rate": 0.0,
        "usual_default_rate": 0.0, "default_deviation": 0.0, "drift": 0.01, "is_same_definition": True,
    }  # fmt: skip
    return pd.DataFrame([{"column_name": "channel", **row}, {"column_name": "device", **row}])


def good_table(table: str) -> pd.DataFrame:
    """A published table as a whole, a little longer than in the release before."""
    return pd.DataFrame(
        [
            {
                "table_name": table, "row_count": 1010.0, "previous_row_count": 1000.0, "row_count_ratio": 1.01,
                "usual_row_count": 990.0, "row_count_deviation": 0.4, "suppressed_share_change": 0.01,
                "small_share_change": 0.0, "lost_column_count": 0.0, "is_same_definition": True,
            }
        ]
    )  # fmt: skip
