"""Definitions of a home nobody has used yet."""

import os
from collections.abc import Iterator

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph

from pipeline.defs.build import build_definitions
from pipeline.settings import Settings


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """An empty home; the environment that definitions export is taken back."""
    before = dict(os.environ)
    yield Settings(home=tmp_path_factory.mktemp("defs") / "home")
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def definitions(settings: Settings) -> dg.Definitions:
    """What Dagster would load."""
    return build_definitions(settings)


@pytest.fixture(scope="session")
def graph(definitions: dg.Definitions) -> BaseAssetGraph:
    """Every asset and check."""
    return definitions.resolve_asset_graph()
