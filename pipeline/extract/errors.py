"""What can be wrong with a mapping or a file: permanent failures, which no retry mends.

Belongs here: error types of reading. Does not belong here: rows that break a contract; those are quarantined.
"""

from collections.abc import Sequence

_MOST_DIGITS = 5


class SourcesError(ValueError):
    """The source mapping is wrong; every problem found is listed.

    Attributes:
        problems: one sentence each, with key path and remedy.
    """

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        listed = "\n".join(f"  - {problem}" for problem in self.problems)
        super().__init__(f"{file} has {len(self.problems)} problem(s):\n{listed}")


def shown_name(column: str) -> str:
    """A column name as messages may show it: in a file without a header the first row takes its place."""
    is_value = "@" in column or sum(letter.isdigit() for letter in column) > _MOST_DIGITS
    return "(name hidden: it looks like a value)" if is_value else column


class UnreadableFileError(ValueError):
    """A file cannot be read as its mapping says; the message names file and remedy, never a value."""

    def __init__(self, file: str, problem: str, remedy: str) -> None:
        self.file = file
        self.message = f"{problem} {remedy}"
        super().__init__(f"{file}: {self.message}")


class UnsafePathError(ValueError):
    """A file in the drop folder leads out of it."""


class UndatedFileError(ValueError):
    """A file in the drop folder bears no extract day, so nobody knows where it belongs."""


class SourceUnavailableError(OSError):
    """An object store or a database does not answer; trying again may help. The message holds no secret."""


class SourceAccessError(ValueError):
    """A place that does not exist, credentials that are missing, a query that is refused: no retry helps."""
