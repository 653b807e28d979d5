"""Whatever arrives, every row is loaded, quarantined, a duplicate or set aside, per file."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.settings import Home
from tests.unit.landing.laboratory import Lab

HEADER = "order_id,ordered_at,order_type,net_amount"
LINE = st.one_of(
    st.builds(
        lambda *cells: ",".join(cells),
        st.sampled_from(["1", "2", "3", ""]),
        st.sampled_from(["2025-11-30 10:00", "2025-03-30 02:30", "yesterday", ""]),
        st.sampled_from(["sale", "refund", "gift", '"sa""le"', '"two\nlines"']),
        st.sampled_from(["1", "2.50", "1e2", "ten", ""]),
    ),
    st.sampled_from(["1,2", "1,2,3,4,5,6", ",,,", '1,"x"y,sale,1']),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=st.lists(LINE, max_size=12), second=st.lists(LINE, max_size=12))
def test_conservation(first, second):
    with tempfile.TemporaryDirectory() as root:
        lab = Lab(Home(Path(root) / "home", Path(root) / "drop"), "orders", {"time_zone": "Europe/Paris"})
        for name, lines in (("a", first), ("b", second)):
            lab.drop(f"2025-12-01.{name}.csv", "\n".join([HEADER, *lines]) + "\n")
        content = lab.land()[0].content
        assert [file["received"] for file in content["files"]] == [len(first), len(second)]
        for file in content["files"]:
            assert file["received"] == sum(file[name] for name in ("loaded", "quarantined", "duplicate", "set_aside"))
        landed = lab.rows("_key_hash")
        assert len(landed) == len(set(landed)) == content["row_count_loaded"]
        quarantined = lab.quarantined("_raw, _source_line") if content["row_count_quarantined"] else []
        assert len(quarantined) == content["row_count_quarantined"]
        assert all(raw and line >= 1 for raw, line in quarantined)
