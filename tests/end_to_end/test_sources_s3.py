"""Extracts that lie in an S3-compatible bucket: the same landed rows and the same release as from the drop folder."""

import shutil
from collections.abc import Iterator
from datetime import date

import fsspec
import pytest
import yaml

from pipeline import landing, publish
from pipeline.contracts import CONTRACTS
from pipeline.landing.store import read_outcome
from tests.end_to_end.laboratory import NEXT_DAY, SERVED_DAY, Laboratory

moto = pytest.importorskip("moto.server")
pytestmark = pytest.mark.end_to_end


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket, found and opened by what the environment says alone."""
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret-of-the-tests")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    fsspec.filesystem("s3", skip_instance_cache=True).mkdir("extracts")
    yield "s3://extracts/company"
    server.stop()


def _move_to_bucket(lab: Laboratory, bucket: str) -> None:
    drop, file = lab.settings.paths.drop, lab.settings.sources_file
    store = fsspec.filesystem("s3", skip_instance_cache=True)
    for path in sorted(path for path in drop.rglob("*") if path.is_file()):
        store.pipe(f"{bucket}/{path.relative_to(drop).as_posix()}", path.read_bytes())
    shutil.rmtree(drop)
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    for source in content["sources"].values():
        source["location"] = bucket
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def _landed(lab: Laboratory) -> dict[tuple[str, date], object]:
    """What every accepted day holds, wherever it came from."""
    folder = lab.settings.paths.landing
    return {
        (table, day): read_outcome(folder / table / f"extract_date={day}")["content_hash"]
        for table in CONTRACTS
        for day in landing.accepted_days(lab.settings.paths, table)
    }


def _expect_no_trace(lab: Laboratory) -> None:
    assert not any((lab.settings.paths.quarantine / "_scratch").iterdir()), "copies are gone"
    for path in lab.root.rglob("*"):
        if path.is_file() and path.stat().st_size < 10_000_000:
            assert b"s3cret-of-the-tests" not in path.read_bytes(), path


def test_a_company_in_a_bucket_is_landed_like_one_in_a_folder(origin, lab, bucket, command):
    _move_to_bucket(lab, bucket)
    shutil.rmtree(lab.settings.paths.landing)
    result = command(lab, "check")
    assert result.exit_code == 0, result.output
    lab.land(date.min, SERVED_DAY)
    assert _landed(lab) == _landed(origin) != {}
    _expect_no_trace(lab)

    lab.land(SERVED_DAY, SERVED_DAY)
    landed = landing.accepted_days(lab.settings.paths, "orders")
    lab.land(NEXT_DAY, NEXT_DAY)
    assert landing.accepted_days(lab.settings.paths, "orders") == [*landed, NEXT_DAY], "a new day is found there"


@pytest.mark.slow
def test_a_company_in_a_bucket_gets_the_release_of_one_in_a_folder(origin, lab, bucket, command):
    _move_to_bucket(lab, bucket)
    for folder in (lab.settings.paths.landing, lab.settings.paths.releases):
        shutil.rmtree(folder)
    result = command(lab, "run", "--to", str(SERVED_DAY))
    assert result.exit_code == 0, result.output
    in_folder, in_bucket = (publish.read_manifest(publish.current_release(each.settings.paths.releases)).tables
                            for each in (origin, lab))  # fmt: skip
    differing = {name for name in {*in_folder, *in_bucket} if in_folder.get(name) != in_bucket.get(name)}
    assert differing <= {"data_quality", "data_quality_trend"}, "what was read is the same, wherever it lay"
    _expect_no_trace(lab)
