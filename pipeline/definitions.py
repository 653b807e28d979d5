"""The code location Dagster loads: the definitions of the home the environment names."""

from pipeline.defs.build import build_definitions
from pipeline.settings import Settings

defs = build_definitions(Settings())
