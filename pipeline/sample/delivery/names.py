"""How numbers of the sample company are called in its extracts: accounts, orders, browsers, addresses, phones.

Belongs here: one name per number, the same in every table and in the truth. Does not belong here: files, columns.
"""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.ground import vocabulary as words
from pipeline.sample.ground.seasons import Flags, Integers
from pipeline.sample.ground.world import BLOCKED, IDS_PER_BLOCK

UNKNOWN_EMAIL, UNKNOWN_PHONE = "inconnu@example.com", "0000000000"
"""What a shop types where it was told nothing: no person's, so an identity built on it is wrong."""

_PHONES_PER_BLOCK = 20_000
_FICTION_PREFIXES = ("06 39 98", "01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49")
_UMLAUTS = str.maketrans("àâäçéèêëîïôöùûüÉÈ", "aaaceeeeiioouuuEE", "' ")
_DOMAINS = ("fr", "com", "org")

MACROS = (
    "create or replace macro opaque(n) as lpad(lower(hex(n)), 16, '0')",
    "create or replace macro customer_name(n) as case when n >= 0 then format('C{:06d}', n) end",
    "create or replace macro loyalty_name(n) as case when n >= 0 then format('F{:08d}', 40000000 + n) end",
    "create or replace macro account_name(n) as case when n >= 0 then format('SOC{:05d}', n) end",
    "create or replace macro sale_name(n) as case when n >= 0 then format('CMD{:07d}', n) end",
    "create or replace macro refund_name(n) as case when n >= 0 then format('AV{:07d}', n) end",
    "create or replace macro article_name(n) as case when n >= 0 then format('ART{:03d}', n) end",
    "create or replace macro numbered(prefix, n) as case when n >= 0 then prefix || format('{:07d}', n) end",
)
"""SQL names of the same kind; ``opaque`` takes what ``scrambled`` gives."""

EVENT_SALT, BROWSER_SALT, RETURN_SALT = 11, 7, 23


def scrambled(numbers: npt.NDArray, *, salt: int) -> npt.NDArray[np.uint64]:
    """Numbers mixed by the SplitMix64 finaliser: a bijection, so that no two opaque names collide."""
    mixed = numbers.astype(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))


@dataclass(frozen=True)
class Directory:
    """Addresses and phones of the persons of a block, by person row.

    Attributes:
        email: texts, null where the person gave none.
        phone: texts, null where the person gave none or the numbers set aside for fiction are used up.
    """

    email: pd.Categorical
    phone: pd.Categorical

    def emails_of(self, person_row: Integers) -> pd.Categorical:
        """Address of each row's person; null for row -1."""
        return _taken(self.email, person_row)

    def phones_of(self, person_row: Integers) -> pd.Categorical:
        """Phone of each row's person; null for row -1."""
        return _taken(self.phone, person_row)


def _taken(texts: pd.Categorical, rows: Integers) -> pd.Categorical:
    codes = np.append(texts.codes, np.int32(-1)).astype(np.int32)[rows]
    return pd.Categorical.from_codes(codes, dtype=texts.dtype)


def directory_of(persons: pd.DataFrame) -> Directory:
    """Write down the addresses and phones of a block's persons; those who share a number share the text."""
    number, first, code = np.unique(persons["email"].to_numpy(), return_index=True, return_inverse=True)
    owner = persons.iloc[first]
    names = zip(number.tolist(), owner["first_name"].tolist(), owner["last_name"].tolist(), strict=True)
    emails = [_email(each, words.FIRST_NAMES[a], words.LAST_NAMES[b]) for each, a, b in names]
    phone, phone_code = np.unique(persons["phone"].to_numpy(), return_inverse=True)
    return Directory(_categorical(emails, code), _categorical([_phone(each) for each in phone.tolist()], phone_code))


def _categorical(texts: list[str | None], codes: npt.NDArray) -> pd.Categorical:
    """Texts by code, where some codes have none."""
    is_text = np.array([text is not None for text in texts], dtype=bool)
    place = np.where(is_text, np.cumsum(is_text) - 1, -1).astype(np.int32)
    found: Any = pd.Categorical.from_codes(place[codes], pd.Index([text for text in texts if text is not None]))
    return found


def _email(number: int, first: str, last: str) -> str | None:
    if number < 0:
        return UNKNOWN_EMAIL if number == BLOCKED else None
    return f"{first}.{last}{number}@example.{_DOMAINS[number % 3]}".translate(_UMLAUTS).lower()


def _phone(number: int) -> str | None:
    """A number out of the ranges set aside for fiction; two never become one."""
    if number < 0:
        return UNKNOWN_PHONE if number == BLOCKED else None
    block, own = divmod(number, IDS_PER_BLOCK)
    place, tail = divmod(block * _PHONES_PER_BLOCK + own, 10_000)
    if own >= _PHONES_PER_BLOCK or place >= len(_FICTION_PREFIXES):
        return None
    return f"{_FICTION_PREFIXES[place]} {tail // 100:02d} {tail % 100:02d}"


def has_text(phones: Integers) -> Flags:
    """Whether the numbers of phones have a text: the ranges set aside for fiction are finite."""
    block, own = np.divmod(phones, IDS_PER_BLOCK)
    place = block * _PHONES_PER_BLOCK + own
    is_in_range = (own < _PHONES_PER_BLOCK) & (place < 10_000 * len(_FICTION_PREFIXES))
    return np.asarray((phones == BLOCKED) | ((phones >= 0) & is_in_range))


ARTICLES = tuple(itertools.chain.from_iterable(words.PRODUCTS.values()))
"""(article, list price in euro cents) by position in the range."""
ARTICLE_NAMES = tuple(name for name, _ in ARTICLES)
ARTICLE_CATEGORIES = tuple(kind for kind, articles in words.PRODUCTS.items() for _ in articles)
