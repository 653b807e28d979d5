"""Laboratories and what tests compare folders with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.settings import Home
from tests.unit.landing.laboratory import Lab


@pytest.fixture
def make_lab(tmp_path: Path) -> Callable[..., Lab]:
    """Labs for several tables in one home."""

    def make(table: str = "orders", **block: Any) -> Lab:
        return Lab(Home(tmp_path / "home", tmp_path / "drop"), table, block)

    return make


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    """Orders, delivered as the contract names them."""
    return make_lab()


@pytest.fixture
def files_of() -> Callable[[Path], dict[str, bytes]]:
    """Every file below a folder, with its bytes."""

    def read(folder: Path) -> dict[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    return read
