"""Worlds several tests look at; the last few made are kept."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from pipeline.sample.company import make_world
from pipeline.sample.ground.scenario import Friction, Scenario, scenario_named
from pipeline.sample.ground.seasons import DAY
from pipeline.sample.ground.vocabulary import FRICTIONS
from pipeline.sample.ground.world import World
from pipeline.sample.shopping.exposures import HORIZON_DAYS

_SPAN = np.int64(1) << 34


@lru_cache(maxsize=8)
def world_of(scenario: str, *, seed: int = 1, customer_count: int = 3000, block: int = 0) -> World:
    """A world nobody may change."""
    return make_world(scenario=scenario_named(scenario), seed=seed, customer_count=customer_count, block=block)


def with_friction(scenario: Scenario, friction: Friction) -> Scenario:
    """The same scenario with that friction in place of its own."""
    return replace(scenario, frictions={**scenario.frictions, friction.friction: friction})


def sales_of(world: World) -> pd.DataFrame:
    """Orders that are not refunds."""
    return world.orders[world.orders["order_type"] == 0]


def local_seconds(instants: pd.Series) -> np.ndarray:
    """Seconds since 1970."""
    return instants.to_numpy("datetime64[s]").astype(np.int64)


def with_outcome(world: World) -> pd.DataFrame:
    """Measurable exposures, with ``happened``: whether their person ordered within the horizon, strictly later."""
    sales = sales_of(world)
    exposures = world.exposures[world.exposures["is_measurable"]]
    ordered = np.sort(sales["person_row"].to_numpy() * _SPAN + local_seconds(sales["ordered_at"]))
    struck = exposures["person_row"].to_numpy() * _SPAN + local_seconds(exposures["at"])
    horizon = HORIZON_DAYS[exposures["friction"].to_numpy()] * DAY
    later = np.searchsorted(ordered, struck + horizon, side="right") - np.searchsorted(ordered, struck, side="right")
    return exposures.assign(happened=later > 0, name=np.array(FRICTIONS)[exposures["friction"]])


def costs_of(world: World) -> pd.Series:
    """Measurable cost of every friction, euros, the dearest first."""
    lived = world.exposures[world.exposures["is_measurable"]]
    cost = (lived["probability_without"] - lived["probability_with"]) * lived["value"] / 100
    return cost.groupby(np.array(FRICTIONS)[lived["friction"]]).sum().sort_values(ascending=False)
