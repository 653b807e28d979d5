"""Loading and checking ``sources.yaml``: all problems at once, each with its key path and what to do.

Belongs here: the keys of the file and what they may hold. Does not belong here: the grammar of expressions.
"""

import difflib
import hashlib
import json
from collections.abc import Mapping as AnyMapping
from pathlib import Path
from typing import Any

import yaml

from pipeline.contracts import CONTRACTS, Contract
from pipeline.extract.errors import SourcesError
from pipeline.extract.file_keys import is_time_zone
from pipeline.extract.grammar import Problems
from pipeline.extract.mapping import Company, Mapping, Sources
from pipeline.extract.places import SOURCE_KEYS, Place, check_keys, parse_database, parse_location
from pipeline.extract.presets import laid_over, presets
from pipeline.extract.table_mapping import TABLE_KEYS, parse_table

_COMPANY_KEYS = ("name", "business_time_zone", "reporting_currency")


def load_sources(file: Path, contracts: AnyMapping[str, Contract] = CONTRACTS) -> Sources:
    """Read and check a source mapping.

    Args:
        file: path of the YAML file.
        contracts: the contracts tables may be mapped to.

    Raises:
        SourcesError: the file is missing, is no YAML or breaks a rule; all problems are in the message.
    """
    if not file.is_file():
        raise SourcesError(str(file), ["the file does not exist. Run `parcours init` to write one to start from."])
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise SourcesError(file.name, ["the file is not UTF-8. Save it as UTF-8."]) from None
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" near line {where.line + 1}" if where else ""
        raise SourcesError(file.name, [f"this is not YAML{line}. Check indentation, quotes and colons."]) from None
    return parse_sources(content, name=file.name, contracts=contracts)


def parse_sources(content: object, *, name: str, contracts: AnyMapping[str, Contract] = CONTRACTS) -> Sources:
    """Check the content of a source mapping; see `load_sources`."""
    problems = Problems()
    if not isinstance(content, dict):
        raise SourcesError(name, ["the file must hold `version`, `company` and `sources`. Run `parcours init`."])
    problems.unknown_keys("", content, ("version", "company", "sources"))
    if content.get("version") != 1:
        problems.add("version", "only version 1 is understood.", "Write version: 1 at the top.")
    company = _parse_company(content.get("company") or {}, problems)
    mappings = _parse_all(content.get("sources"), contracts, problems)
    if problems.found:
        raise SourcesError(name, [problem.removeprefix(".") for problem in problems.found])
    return Sources(company=company, mappings=mappings)


def _parse_company(value: object, problems: Problems) -> Company:
    if not isinstance(value, dict):
        problems.add("company", "this must be a block of keys.", "Write company: {name: …}.")
        return Company("", "Europe/Paris", "EUR")
    problems.unknown_keys("company", value, _COMPANY_KEYS)
    zone = str(value.get("business_time_zone", "Europe/Paris"))
    if not is_time_zone(zone):
        problems.add("company.business_time_zone", f"`{zone}` is no time zone.", "Use an IANA name, as Europe/Paris.")
    currency = str(value.get("reporting_currency", "EUR"))
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        problems.add("company.reporting_currency", f"`{currency}` is no ISO 4217 code.", "Use three letters, as EUR.")
    return Company(str(value.get("name", "")), zone, currency)


def _parse_all(value: object, contracts: AnyMapping[str, Contract], problems: Problems) -> dict[str, Mapping]:
    found: dict[str, Mapping] = {}
    if not isinstance(value, dict) or not value:
        problems.add("sources", "no source is named.", "Name each silo (crm, web, surveys, …) with its tables.")
        return found
    for source, block in value.items():
        path = f"sources.{source}"
        if not isinstance(block, dict) or not isinstance(block.get("tables"), dict):
            problems.add(path, "a source needs `tables`.", "Write tables: {customers: {}}.")
            continue
        check_keys(block, SOURCE_KEYS, path, problems)
        place = Place(parse_location(block, path, problems), parse_database(block, path, problems))
        defaults = _block(f"{path}.defaults", block.get("defaults"), problems)
        check_keys(defaults, TABLE_KEYS, f"{path}.defaults", problems)
        for table, written in block["tables"].items():
            where = f"{path}.tables.{table}"
            own = _block(where, written, problems)
            value = _with_preset(where, str(table), defaults=defaults, own=own, problems=problems)
            _parse_one(where, str(table), value, found=found, contracts=contracts, problems=problems, place=place)
    return {table: found[table] for table in contracts if table in found}


def _block(path: str, value: object, problems: Problems) -> dict[str, Any]:
    if value is None or isinstance(value, dict):
        return value or {}
    problems.add(path, "this must be a block of keys.", "Write {} if there is nothing to say.")
    return {}


def _with_preset(
    path: str, table: str, *, defaults: dict[str, Any], own: dict[str, Any], problems: Problems
) -> dict[str, Any]:
    """A table's keys over those of its preset, over the defaults of the source."""
    name = own.get("preset", defaults.get("preset"))
    if name is None:
        return {**defaults, **own}
    known = presets()
    if name not in known:
        near = difflib.get_close_matches(str(name), known, n=1)
        hint = f"Did you mean `{near[0]}`? " if near else ""
        problems.add(f"{path}.preset", "this preset is not known.", f"{hint}`parcours presets` lists them.")
        return {**defaults, **own}
    if table not in known[name].tables:
        tables = ", ".join(known[name].tables)
        problems.add(f"{path}.preset", f"`{name}` does not fill {table}.", f"It fills {tables}.")
        return {**defaults, **own}
    return laid_over({**defaults, **known[name].tables[table]}, own) | {"preset": name}


def _parse_one(
    path: str,
    table: str,
    value: dict[str, Any],
    *,
    found: dict[str, Mapping],
    contracts: AnyMapping[str, Contract],
    problems: Problems,
    place: Place,
) -> None:
    if table not in contracts:
        prefix, _, name = path.rpartition(".")
        problems.unknown_keys(prefix, {name: None}, contracts)
        return
    if table in found:
        problems.add(path, "the table is mapped twice.", "Keep one block; it may list several file patterns.")
        return
    fingerprint = hashlib.sha256(json.dumps([table, value], sort_keys=True, default=str).encode()).hexdigest()
    mapping = parse_table(
        value,
        path=path,
        contract=contracts[table],
        fingerprint=fingerprint,
        problems=problems,
        place=place,
    )
    if mapping:
        found[table] = mapping
