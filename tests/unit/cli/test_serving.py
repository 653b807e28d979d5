"""Dagster's UI answers this machine only, and the report escapes what comes from data."""

import sys

import pytest

from pipeline.cli import serving
from pipeline.settings import Settings


def test_the_ui_is_bound_to_loopback(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr("pipeline.settings.os.environ", {})
    monkeypatch.setattr(serving.os, "execv", lambda program, arguments: started.append((program, arguments)))
    monkeypatch.setattr(serving.os, "chdir", lambda _: None)
    serving.serve_dagster(Settings(home=tmp_path), 3000)
    ((program, arguments),) = started
    assert program == sys.executable
    assert arguments[arguments.index("--host") + 1] == "127.0.0.1"
    assert arguments[arguments.index("--port") + 1] == "3000"


def test_without_a_checkout_nothing_is_started(tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "PROJECT_ROOT", tmp_path)
    with pytest.raises(FileNotFoundError, match="run from a checkout"):
        serving.serve_dagster(Settings(home=tmp_path), 3000)
