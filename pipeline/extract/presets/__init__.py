"""What vendors export, as data: one YAML file per vendor, chosen by name in ``sources.yaml``.

Belongs here: reading those files and laying a company's own keys over them. Does not belong here: any vendor in code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Preset:
    """One vendor's export.

    Attributes:
        name: file stem, and what ``preset:`` names.
        label: vendor and export, in words.
        export: how the file is got out of the vendor's tool.
        reference: page of the vendor the field names were checked against.
        notes: what a user should know.
        tables: contract table to its block, as it would be written in ``sources.yaml``.
    """

    name: str
    label: str
    export: str
    reference: str
    notes: tuple[str, ...]
    tables: Mapping[str, Mapping[str, Any]]


@cache
def presets() -> dict[str, Preset]:
    """Every preset by name."""
    return {file.stem: _read(file) for file in sorted(_FOLDER.glob("*.yaml"))}


def _read(file: Path) -> Preset:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Preset(
        name=file.stem,
        label=content["label"],
        export=content["export"],
        reference=content["reference"],
        notes=tuple(content.get("notes", ())),
        tables=content["tables"],
    )


def laid_over(preset: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """A preset's block with own keys laid over it; under ``columns`` each column by itself.

    A key whose own value is null is taken away: the default holds again.
    """
    merged: dict[str, Any] = {**preset, **own}
    if isinstance(preset.get("columns"), dict) and isinstance(own.get("columns"), dict):
        columns = {**preset["columns"], **own["columns"]}
        merged["columns"] = {name: value for name, value in columns.items() if value is not None}
    return {key: value for key, value in merged.items() if value is not None}
