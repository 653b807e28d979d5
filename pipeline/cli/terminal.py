"""Speaking on the terminal: the console, and errors a human can act on instead of tracebacks.

Belongs here: output. Does not belong here: what is said.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from pydantic import ValidationError
from rich.console import Console

from pipeline.alerts import AlertRulesError, UnknownAlertError
from pipeline.cli.days import UnknownDayError
from pipeline.extract import (
    SourceAccessError,
    SourcesError,
    SourceUnavailableError,
    UndatedFileError,
    UnreadableFileError,
    UnsafePathError,
)
from pipeline.landing import KeyMismatchError, MissingTableError, UnknownPersonError
from pipeline.privacy.keys import PseudonymKeyError
from pipeline.publish import GateClosedError, NotReproducibleError, OverrideError, QueryError
from pipeline.settings import MissingSecretError, Settings
from pipeline.warehouse import WarehouseBusyError

_UNSEEN_WIDTH = 200  # a log or a pipe has no edge: tables are not broken at the 80 columns of an old terminal
console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _UNSEEN_WIDTH)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)

WRONG_INPUT = 2
"""Exit code of a command that was stopped by configuration or input; 1 is a run that failed or was refused."""

_EXPECTED = (
    AlertRulesError,
    UnknownAlertError,
    SourcesError,
    SourceAccessError,
    SourceUnavailableError,
    MissingSecretError,
    UndatedFileError,
    UnreadableFileError,
    UnsafePathError,
    KeyMismatchError,
    MissingTableError,
    PseudonymKeyError,
    GateClosedError,
    NotReproducibleError,
    OverrideError,
    QueryError,
    UnknownDayError,
    WarehouseBusyError,
    UnknownPersonError,
    FileNotFoundError,
    FileExistsError,
)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Show expected errors as their message and leave with exit code 2; anything else is a fault and shows all."""
    try:
        yield
    except _EXPECTED as error:
        complain(str(error))
        raise typer.Exit(WRONG_INPUT) from None


def read_settings() -> Settings:
    """Settings from the environment; a wrong variable is named and the command left with exit code 2."""
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            complain(f"environment variable PARCOURS_{name}: {problem['msg']}")
        raise typer.Exit(WRONG_INPUT) from None


def say(text: str = "") -> None:
    """Print a line as it is."""
    console.print(text, markup=False)


def complain(text: str) -> None:
    """Print an error as it is, on the error stream."""
    complaints.print(f"error: {text}", markup=False, style="red")
