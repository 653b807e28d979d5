"""What a dbt call exports into the environment is taken back."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def environment() -> Iterator[None]:
    """The environment, as it was before the module."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)
