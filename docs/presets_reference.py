"""The reference pages of the presets, one per vendor, from their YAML.

Belongs here: what a preset says, in words. Does not belong here: any preset.
"""

from typing import Any

from markdown_parts import page, table

from pipeline.contracts import CONTRACTS
from pipeline.extract.presets import Preset, presets

_KEYS = {
    "files": "files", "format": "format", "delimiter": "delimiter", "quote": "quotation mark", "key": "key",
    "header_rows": "header rows", "records": "records under", "timestamp_format": "timestamps",
    "unpivot": "questions", "where": "rows kept",
}  # fmt: skip


def preset_pages() -> dict[str, str]:
    """A page per preset, by file name."""
    return {f"preset-{preset.name}.md": _page(preset) for preset in presets().values()}


def _page(preset: Preset) -> str:
    parts = [
        f"`preset: {preset.name}` in [sources.yaml](../mapping.md); all of them: [presets](../presets.md).",
        preset.export.strip(),
        "\n".join(f"- {note}" for note in preset.notes),
        f"The vendor's own description: {preset.reference}.",
    ]
    for name, block in preset.tables.items():
        parts += _table_parts(name, dict(block))
    return page(preset.label, f"`pipeline/extract/presets/{preset.name}.yaml`", *(part for part in parts if part))


def _table_parts(name: str, block: dict[str, Any]) -> list[str]:
    written = [(_KEYS[key], f"`{_flow(block[key])}`") for key in _KEYS if key in block]
    described = {column.name: column.description for column in CONTRACTS[name].columns}
    rows = [(_source(value), f"`{column}`", described[column]) for column, value in block["columns"].items()]
    parts = [f"## {name}", table(("vendor's field", "column", "meaning"), rows)]
    if written:
        parts.append(table(("how the file is read", ""), written))
    if "select" in block:
        parts += ["Flattened by:", f"```text\n{block['select'].rstrip()}\n```"]
    return parts


def _source(value: Any) -> str:  # noqa: ANN401 - a YAML value
    """An expression in a few words."""
    if isinstance(value, str):
        return f"`{value}`"
    if "constant" in value:
        return f"always `{value['constant']}`"
    if "from" in value:
        translated = "".join(f"; `{theirs}` → `{ours}`" for theirs, ours in value.get("values", {}).items())
        rest = "; others kept" if value.get("otherwise") == "keep" else ""
        prefix = f", with `{value['prefix']}` in front" if "prefix" in value else ""
        return f"`{value['from']}`{prefix}{translated}{rest}"
    if "when" in value:
        test = {key: operand for key, operand in value["when"].items() if key != "column"}
        said = ", ".join(f"{key.replace('_', ' ')} {_flow(operand)}" for key, operand in test.items())
        other = f", else {_source(value['otherwise'])}" if "otherwise" in value else ""
        return f"{_source(value['then'])} where `{value['when']['column']}` {said}{other}"
    (form, parts), *_ = value.items()
    return f"{'first filled of' if form == 'coalesce' else form} {', '.join(_source(part) for part in parts)}"


def _flow(value: Any) -> str:  # noqa: ANN401 - a YAML value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    return "[" + ", ".join(_flow(each) for each in value) + "]" if isinstance(value, list) else str(value)
