"""dbt, in process: the project of a home, the arguments of a call, the call itself.

Belongs here: how dbt is run. Does not belong here: Dagster, and what the models say.
"""

import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pipeline.landing import DECLARED_SEEDS
from pipeline.publish import folder_fingerprint, text_fingerprint
from pipeline.settings import Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_PROJECT_PARTS = ("models", "macros", "tests", "seeds")
_PROJECT_FILES = ("dbt_project.yml", "profiles.yml")
_MARK = "manifest.fingerprint"

ANALYSED = (
    "int_customer_transactions__aggregated",
    "int_value_settings__derived",
    "int_contract_renewals__aggregated",
    "int_verbatims__collected",
    "int_path_steps__grouped",
    "int_path_credits__grouped",
)
"""Models the analysis pass reads."""
FOUNDATIONS = " ".join(["resource_type:seed", *(f"+{model}" for model in ANALYSED)])
"""What the pass reads and all that stands on; everything else is built after the pass."""
HELD = ("is_key", "rows_satisfy")
"""Tests a model is held to in the hook that ends its build (macro `hold_rules`); a run leaves their own nodes out."""
OWN_NODES = [f"test_name:{name}" for name in HELD]
BEFORE_ANALYSIS = ("--select", *FOUNDATIONS.split(), "--exclude", *OWN_NODES, "--indirect-selection", "cautious")
AFTER_ANALYSIS = ("--exclude", *FOUNDATIONS.split(), *OWN_NODES, "--indirect-selection", "cautious")
"""Flags of the two builds of a run. A test that looks at models of both runs with the second."""


class ModellingError(RuntimeError):
    """dbt could not build: a model failed or a test between landing and published did not hold."""


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt node.

    Attributes:
        unique_id: as in the manifest.
        status: ``success``, ``pass``, ``warn``, ``fail``, ``error`` or ``skipped``.
        message: what dbt says about it.
        failures: failing rows of a test.
        seconds: time it took.
    """

    unique_id: str
    status: str
    message: str
    failures: int
    seconds: float

    @property
    def is_good(self) -> bool:
        """Whether it did what it should."""
        return self.status in ("success", "pass", "warn")


_BROKEN = re.compile(r"rows break a rule: (?P<rules>.+)")
_RULE = re.compile(r"(?P<name>\w+) \((?P<rows>[0-9]+)\)")


def held_rules(result: NodeResult, rules: Iterable[str]) -> dict[str, int] | None:
    """How the rules of a model or seed stand after its build (macro ``hold_rules``).

    Args:
        result: what became of the node.
        rules: names of the tests of the kinds in ``HELD`` declared on it.

    Returns:
        Rows that break each rule; ``None`` where none was judged, because the node was not built.
    """
    if result.is_good:
        return dict.fromkeys(rules, 0)
    broken = _BROKEN.search(result.message)
    if broken is None:
        return None
    found = {rule["name"]: int(rule["rows"]) for rule in _RULE.finditer(broken["rules"])}
    return {name: found.get(name, 0) for name in rules}


def dbt_arguments(command: str, *, project: Path, variables: Mapping[str, str], flags: Sequence[str] = ()) -> list[str]:
    """Arguments of one dbt call; unit tests are left to the test suite, exposures are pages of the docs.

    Args:
        command: ``build``, ``parse``, …
        project: the project folder; profiles are in it.
        variables: constants of the company.
        flags: further arguments.
    """
    arguments = [command, "--project-dir", str(project), "--profiles-dir", str(project)]
    arguments += ["--vars", json.dumps(dict(variables), sort_keys=True)]
    if command == "build":
        arguments += ["--exclude-resource-type", "unit_test", "--exclude-resource-type", "exposure"]
    return [*arguments, *flags]


def home_project(settings: Settings) -> Path:
    """The dbt project of this home: the models shipped, with the user's own seeds over the shipped ones.

    dbt takes seeds only from inside its project (given a path elsewhere it writes its compiled SQL over them), so
    the project is laid out in the home. Files that did not change keep their time stamps.

    Returns:
        The folder.
    """
    target = settings.paths.root / "dbt" / "project"
    wanted: dict[Path, Path] = {Path(name): settings.dbt_project / name for name in _PROJECT_FILES}
    for part in _PROJECT_PARTS:
        wanted |= {
            path.relative_to(settings.dbt_project): path
            for path in (settings.dbt_project / part).rglob("*")
            if path.is_file() and path.name not in DECLARED_SEEDS
        }
    if settings.seeds_folder != settings.dbt_project / "seeds":
        own = [path for path in sorted(settings.seeds_folder.glob("*.csv")) if path.name not in DECLARED_SEEDS]
        wanted |= {Path("seeds") / path.name: path for path in own}
    for relative, source in wanted.items():
        copy = target / relative
        if not copy.exists() or copy.read_bytes() != source.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    for path in [path for path in target.rglob("*") if path.is_file()]:
        if path.relative_to(target) not in wanted:
            path.unlink()
    return target


def ensure_manifest(settings: Settings, variables: Mapping[str, str]) -> Path:
    """The manifest of this home's project, parsed again only if project or variables changed.

    Returns:
        Path of ``manifest.json``.

    Raises:
        ModellingError: the project does not parse.
    """
    project = home_project(settings)
    if not _is_written(settings, project_fingerprint(project, variables)):
        _parse(settings, project, variables)
    return settings.paths.dbt_target / "manifest.json"


def build_models(settings: Settings, variables: Mapping[str, str], flags: Sequence[str]) -> list[NodeResult]:
    """Build a part of the project, which this process parses once for all its parts.

    Returns:
        One result per node that was run.

    Raises:
        ModellingError: dbt could not even start, e.g. the project does not compile.
    """
    project = home_project(settings)
    kept = _PARSED.get(settings.paths.dbt_target)
    is_fresh = kept is not None and kept[0] == project_fingerprint(project, variables)
    manifest = kept[1] if kept is not None and is_fresh else _parse(settings, project, variables)
    arguments = dbt_arguments("build", project=project, variables=variables, flags=flags)
    # Nobody reads the JSON of a build: its results are the checks of Dagster, the manifest is that of the parse.
    return _results(_invoke(settings, ["--no-write-json", *arguments], manifest))


def run_dbt(settings: Settings, arguments: Sequence[str]) -> list[NodeResult]:
    """Call dbt in this process and close its connections, so that the build file is free after.

    Returns:
        One result per node that was run.

    Raises:
        ModellingError: dbt could not even start, e.g. the project does not compile.
    """
    return _results(_invoke(settings, arguments))


_PARSED: "dict[Path, tuple[str, Manifest]]" = {}
"""The target folder last parsed into: fingerprint of project and variables, and what dbt made of them. Never two: each
holds some hundred megabytes.
"""


def project_fingerprint(project: Path, variables: Mapping[str, str]) -> str:
    """Hash of a project laid out in a home and of the constants it is parsed with."""
    return text_fingerprint([folder_fingerprint([project]), json.dumps(dict(variables), sort_keys=True)])


def _is_written(settings: Settings, fingerprint: str) -> bool:
    """Whether the manifest that lies in the target folder is that of this project and these variables."""
    mark = settings.paths.dbt_target / _MARK
    return (mark.parent / "manifest.json").exists() and mark.exists() and mark.read_text() == fingerprint


def _parse(settings: Settings, project: Path, variables: Mapping[str, str]) -> "Manifest":
    """Parse the project; its manifest, some megabytes of JSON, is written only if it is another than lies there."""
    fingerprint = project_fingerprint(project, variables)
    is_written = _is_written(settings, fingerprint)
    arguments = dbt_arguments("parse", project=project, variables=variables)
    manifest = cast("Manifest", _invoke(settings, ["--no-write-json", *arguments] if is_written else arguments))
    if not is_written:
        (settings.paths.dbt_target / _MARK).write_text(fingerprint)
    _PARSED.clear()
    _PARSED[settings.paths.dbt_target] = (fingerprint, manifest)
    return manifest


def _invoke(settings: Settings, arguments: Sequence[str], manifest: "Manifest | None" = None) -> object:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    from pipeline.defs.dbt_events import keep_calm  # noqa: PLC0415

    keep_calm()
    settings.export_environment()
    settings.paths.build_file.parent.mkdir(parents=True, exist_ok=True)
    manner = ["--quiet", "--no-use-colors", "--log-format-file", "text", "--log-level-file", "info"]
    try:
        outcome = dbtRunner(manifest=manifest).invoke([*manner, *arguments])
    finally:
        DuckDBConnectionManager.close_all_connections()
    if outcome.exception is not None:
        raise ModellingError(f"dbt could not run: {outcome.exception}")
    return outcome.result


def _results(outcome: object) -> list[NodeResult]:
    nodes: Sequence[Any] = getattr(outcome, "results", None) or []
    return [
        NodeResult(
            unique_id=node.node.unique_id,
            status=str(node.status),
            message=str(node.message or ""),
            failures=int(node.failures or 0),
            seconds=round(float(node.execution_time), 3),
        )
        for node in nodes
        if getattr(node, "node", None) is not None
    ]
