"""The frame of visits: which browser each was made in, whether and when the visitor logs in, robots and staff.

Belongs here: what turns a visit into rows an analytics tool could tell apart. Does not belong here: how visits go.
"""

import numpy as np
import pandas as pd

from pipeline.sample.ground.chance import Streams
from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import Calendar, Flags, Integers, later
from pipeline.sample.ground.vocabulary import DEVICES, STEPS
from pipeline.sample.ground.world import IDS_PER_BLOCK, NOBODY, framed
from pipeline.sample.shopping.visits import Visits

NEVER, REMEMBERED, EARLY, AT_CHECKOUT, SIGNS_UP = range(5)
"""When a visitor is known, as the column ``login`` says."""
_APP, _TABLET = DEVICES.index("app"), DEVICES.index("tablet")
_ADDRESS, _ORDER = STEPS.index("address"), STEPS.index("order")
_DELETED, _PRIVATE, _IN_SHOP, _SHARED_DEVICE = 0.03, 0.03, 0.006, 0
_SHOP_TABLETS = 4
_UNKNOWN_SHARE = 0.012
_SECOND_PASS = np.datetime64("2025-10-26T01:00:00", "s")  # two to three, the second time, Paris


def make_visits(
    streams: Streams, scenario: Scenario, persons: pd.DataFrame, visits: Visits, *, signs_up: Flags, block: int
) -> pd.DataFrame:
    """The visits of persons as a frame ``visits`` of ``world``, in the order given, without numbers.

    Args:
        streams: chance of the block.
        scenario: says how hard browsers make it to recognise a person.
        persons: with ``customer``, ``registered_at``, ``first_order_at``, ``household`` and ``is_guest``.
        visits: those that took place.
        signs_up: visits in which an account is opened without buying.
        block: number of the block.
    """
    rng = streams.of("browsers")
    device = visits.device.copy()
    known = _is_registered(persons, visits)
    in_shop = known & (visits.step < _ADDRESS) & (rng.random(len(device)) < _IN_SHOP * scenario.trap_rate)
    device[in_shop] = _TABLET
    login = _logins(rng, persons, visits, known, signs_up)
    login[in_shop] = EARLY
    browser, is_shared = _browsers(rng, scenario, persons, visits.person_row, device, in_shop)
    count = len(device)
    return framed("visits", {
        "visit": np.full(count, NOBODY), "person_row": visits.person_row,
        "browser": block * IDS_PER_BLOCK + browser, "device": device, "traffic_channel": visits.channel,
        "started_at": visits.started_at, "mission": block * IDS_PER_BLOCK + visits.mission,
        "is_last": visits.early_left == 0, "is_come_back": visits.is_come_back, "login": login, "step": visits.step,
        "is_shared": is_shared, "is_bot": np.zeros(count), "is_internal": np.zeros(count),
    })  # fmt: skip


def _is_registered(persons: pd.DataFrame, visits: Visits) -> Flags:
    """Visits of persons who have an account by then (one opened in that very visit not yet)."""
    registered = persons["registered_at"].to_numpy("datetime64[s]")[visits.person_row]
    return np.asarray(registered < visits.started_at) & (persons["customer"].to_numpy()[visits.person_row] >= 0)


def _logins(rng: np.random.Generator, persons: pd.DataFrame, visits: Visits, known: Flags, signs_up: Flags) -> Integers:
    luck = rng.random(len(known))
    login = np.select(
        [visits.device == _APP, luck < 0.22, luck < 0.46, visits.step >= _ADDRESS],
        [REMEMBERED, REMEMBERED, EARLY, AT_CHECKOUT],
        NEVER,
    )
    first = persons["first_order_at"].to_numpy("datetime64[s]")[visits.person_row]
    registered = persons["registered_at"].to_numpy("datetime64[s]")[visits.person_row]
    opens = (visits.step == _ORDER) & (visits.ordered_at == first) & (registered >= visits.started_at)
    opens &= ~persons["is_guest"].to_numpy()[visits.person_row]
    return np.where(known, login, np.where(signs_up | opens, SIGNS_UP, NEVER))


def _browsers(
    rng: np.random.Generator,
    scenario: Scenario,
    persons: pd.DataFrame,
    person_row: Integers,
    device: Integers,
    in_shop: Flags,
) -> tuple[Integers, Flags]:
    """A number per browser, and which are shared: families share the computer, shops own tablets.

    A browser is a person's on one device until its cookies are deleted; private windows are used once.
    """
    count = len(person_row)
    heads = persons["shares_computer_with"].to_numpy()
    shared = (device == _SHARED_DEVICE) & (heads[person_row] >= 0)
    user = np.where(shared, heads[person_row], person_row)
    deleted = rng.random(count) < _DELETED * scenario.trap_rate
    place = np.lexsort([np.arange(count), device, user])
    generation = np.zeros(count, dtype=np.int64)
    generation[place] = np.cumsum(deleted[place])  # unique enough: it only ever grows along one browser's visits
    private = rng.random(count) < _PRIVATE * scenario.trap_rate
    key = (user * len(DEVICES) + device) * (count + 1) + generation
    key = np.where(private, -1 - np.arange(count), key)
    key = np.where(in_shop, -1 - count - rng.integers(0, _SHOP_TABLETS, count), key)
    _, browser = np.unique(key, return_inverse=True)
    return browser.astype(np.int64), (shared & ~private) | in_shop


def make_strangers(rng: np.random.Generator, calendar: Calendar, visit_count: int, *, block: int) -> pd.DataFrame:
    """Visits of robots and staff, in the shape of ``visits``, by time, without numbers.

    A few come in the hour that exists twice, the second time round: web times are UTC and can say so.

    Args:
        rng: source of chance.
        calendar: the operational clock.
        visit_count: visits of persons.
        block: number of the block.
    """
    count = round(visit_count * _UNKNOWN_SHARE)
    at = calendar.instants(rng.uniform(calendar.start, calendar.end - 0.2, count))
    at = np.sort(np.concatenate([at, later(np.full(2, _SECOND_PASS), rng.integers(60, 3000, 2))]))
    count = len(at)
    is_bot = rng.random(count) < 0.7
    owner = rng.integers(0, 40, count)
    none, no = np.full(count, NOBODY), np.zeros(count, dtype=bool)
    return framed("visits", {
        "visit": none, "person_row": none, "browser": (block + 1) * IDS_PER_BLOCK - 1 - owner * 2 - is_bot,
        "device": no, "traffic_channel": np.where(is_bot, 4, 5), "started_at": at, "mission": none, "is_last": ~no,
        "is_come_back": no, "login": no, "step": no, "is_shared": no, "is_bot": is_bot, "is_internal": ~no,
    })  # fmt: skip


def numbered_by_time(visits: pd.DataFrame, strangers: pd.DataFrame, *, block: int) -> tuple[pd.DataFrame, Integers]:
    """All visits, numbered as they began, and the position of each visit given.

    Returns:
        The frame ``visits``, and for every row of ``visits`` and then ``strangers`` its position in it.
    """
    both = pd.concat([visits, strangers], ignore_index=True)
    order = np.argsort(both["started_at"].to_numpy(), kind="stable")
    position = np.empty(len(both), dtype=np.int64)
    position[order] = np.arange(len(both))
    together = both.iloc[order].reset_index(drop=True)
    return together.assign(visit=block * IDS_PER_BLOCK + np.arange(len(both))), position
