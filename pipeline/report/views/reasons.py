"""Why something is not there, in the language of the page.

Belongs here: the sentences the tables of a release give as a reason. Does not belong here: the judgement itself.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pipeline.report.words import say

# As the models write them; what stands in braces is a name or a number of theirs. Tests compare the two.
REASONS: Final = (
    "effort answers from {day} on contradict satisfaction: their scale may be upside down",
    "messages name no article",
    "no accepted extract of {names}",
    "no observation in this window",
    "no value in this window",
    "not delivered: {names}",
    "not in the catalogue",
    "nothing in this window is mature yet: it takes {days} days",
    "nothing to compare with in this window",
    "nothing to divide by in this window",
    "nothing was delivered in {names}",
    "too many are still open to tell",
    "web events carry no price",
)


def reason_of(row: Mapping[str, Any]) -> str:
    """The reason a row gives for having no value."""
    return reason(row["unavailable_reason"]) or say("its extract was not delivered")


def reason(text: str | None) -> str:
    """A reason of the data in the language of the page; as it is where it is not one of the known ones."""
    if not text:
        return ""
    for sentence in REASONS:
        found = _pattern(sentence).fullmatch(text)
        if found:
            return say(sentence, **found.groupdict())
    lead, colon, rest = text.partition(": ")
    known = reason(rest) if colon else rest
    return f"{lead}: {known}" if known != rest else text


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    """What a sentence looks like once its names are filled in."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(sentence)))
