"""What a run knows before it touches data: settings, source mapping, pseudonym key, survey scales.

Belongs here: reading configuration once and handing it on. Does not belong here: Dagster.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

import pipeline
from pipeline.contracts import CONTRACTS
from pipeline.extract import Company, Limits, Sources, SourcesError, discover, load_sources
from pipeline.landing import DoorSettings, Scale, Tombstones, check_key, check_required
from pipeline.privacy import read_tombstones
from pipeline.privacy.keys import PseudonymKey, load_or_create_key
from pipeline.publish import folder_fingerprint, text_fingerprint
from pipeline.settings import Home, Settings


@dataclass(frozen=True)
class Session:
    """Configuration of one run.

    Attributes:
        settings: the home.
        sources: the source mapping.
        key: the pseudonym key.
        scales: scales of the survey questions.
        code: hash of the code and suites the run began with.
        tombstones: people who were forgotten, whose rows the door turns away.
    """

    settings: Settings
    sources: Sources
    key: PseudonymKey
    scales: dict[str, Scale]
    code: str
    tombstones: tuple[Tombstones, ...] = ()

    @property
    def company(self) -> Company:
        """Name, business time zone and reporting currency."""
        return self.sources.company

    @property
    def dbt_variables(self) -> dict[str, str]:
        """Constants of the company that models need."""
        return company_variables(self.company)

    @property
    def limits(self) -> Limits:
        """How large a file may become when it is opened."""
        settings = self.settings
        return Limits(unpacked_bytes=settings.unpacked_gigabytes << 30, unpacked_ratio=settings.unpacked_ratio)

    @property
    def door(self) -> DoorSettings:
        """What holds for every table at the landing door."""
        return DoorSettings(
            key=self.key.secret,
            key_fingerprint=self.key.fingerprint,
            reporting_currency=self.company.reporting_currency,
            business_time_zone=self.company.business_time_zone,
            scales=self.scales,
            threads=self.settings.dbt_threads,
            future_tolerance_hours=self.settings.future_tolerance_hours,
            tombstones=self.tombstones,
        )


def open_session(settings: Settings) -> Session:
    """Read and check all configuration of a home.

    Raises:
        SourcesError: the source mapping is missing or wrong.
        KeyMismatchError: days were landed with a key that is lost, or another one; nothing was touched.
    """
    sources = load_sources(settings.sources_file)
    home, tables = settings.paths, list(CONTRACTS)
    if not home.pseudonym_key.exists():  # before a new key hides that the old one is lost
        check_key(home, tables, None)
    key = load_or_create_key(home.pseudonym_key)
    check_key(home, tables, key.fingerprint)
    settings.export_environment()
    return Session(
        settings=settings,
        sources=sources,
        key=key,
        scales=read_scales(settings.seeds_folder, settings.dbt_project / "seeds"),
        code=code_fingerprint(settings),
        tombstones=door_tombstones(home),
    )


def door_tombstones(home: Home) -> tuple[Tombstones, ...]:
    """The tombstones of a home as the landing door takes them.

    Raises:
        PseudonymKeyError: a key they were made with is gone.
    """
    return tuple(Tombstones(each.key.secret, each.hashes) for each in read_tombstones(home))


def require_tables(session: Session) -> None:
    """Stop when a table no release can be made without has never been delivered.

    Raises:
        MissingTableError: naming every such table; nothing was touched.
        UnsafePathError, UndatedFileError: see `pipeline.extract.discover`.
    """
    home, mappings = session.settings.paths, session.sources.mappings
    dropped = {table for table, mapping in mappings.items() if mapping.query or discover(home.drop, mapping)}
    check_required(home, mappings, dropped=dropped)


def code_fingerprint(settings: Settings) -> str:
    """Hash of all code that a release's numbers depend on: package, models, macros, suites."""
    folders = [settings.expectations, *(settings.dbt_project / part for part in ("models", "macros"))]
    package = folder_fingerprint([*folders, Path(pipeline.__file__).parent])
    project = (settings.dbt_project / "dbt_project.yml").read_text(encoding="utf-8")
    return text_fingerprint([package, project, pipeline.__version__])


def build_code(session: Session) -> str:
    """Hash of all that makes the models what they are beside the landed rows: code, seeds, constants, the engine."""
    settings = session.settings
    seeds = folder_fingerprint([settings.dbt_project / "seeds", settings.seeds_folder])
    variables = [f"{name}={value}" for name, value in sorted(session.dbt_variables.items())]
    return text_fingerprint([session.code, seeds, *variables, duckdb.__version__])


def company_variables(company: Company) -> dict[str, str]:
    """Constants of the company that dbt models need."""
    return {
        "business_time_zone": company.business_time_zone,
        "reporting_currency": company.reporting_currency,
    }


def company_or_default(settings: Settings) -> Company:
    """The company of the source mapping; the default one while there is none, or a wrong one."""
    try:
        return load_sources(settings.sources_file).company
    except SourcesError:
        return Company("", "Europe/Paris", "EUR")


def read_scales(*folders: Path) -> dict[str, Scale]:
    """Scales of the survey questions, from the first folder that has the seed.

    Returns:
        Question to (least answer, greatest answer, whether only whole numbers are answers).

    Raises:
        FileNotFoundError: no folder has ``survey_questions.csv``.
    """
    for folder in folders:
        file = folder / "survey_questions.csv"
        if file.is_file():
            with file.open(encoding="utf-8-sig", newline="") as handle:
                return {
                    row["question_id"]: (
                        float(row["scale_min"]) if row["scale_min"] else None,
                        float(row["scale_max"]) if row["scale_max"] else None,
                        row["is_whole"].strip().lower() == "true",
                    )
                    for row in csv.DictReader(handle)
                }
    raise FileNotFoundError("survey_questions.csv is in none of the seed folders; `parcours init` writes it")
