"""Markdown and the facts it is made from, as the pages of the reference need them.

Belongs here: tables, pages, reading seeds and constants. Does not belong here: any page.
"""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from pipeline.settings import Settings

PROJECT = Settings().dbt_project


def seed(name: str) -> list[dict[str, str]]:
    """Rows of a shipped seed, in file order."""
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    lines += [f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(line.replace("|  |", "| |").replace("|  |", "| |") for line in lines)


def page(title: str, source: str, *parts: str) -> str:
    """A page with its title and where its facts come from."""
    note = f"*Written by `make docs` from {source}. Edit that, not this page.*"
    return "\n\n".join([f"# {title}", note, *parts]) + "\n"


def code(words: Iterable[str]) -> str:
    """Words as code, separated by commas."""
    return ", ".join(f"`{word}`" for word in words)


def variables() -> dict[str, Any]:
    """Constants of the dbt project."""
    return yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
