"""Where things are and what the environment says. The only reader of the environment.

Belongs here: paths of a home, switches, the variables dbt is given. Does not belong here: anything about the data.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parents[1]
_MOST_MEMORY = "80%"


@dataclass(frozen=True)
class Home:
    """The folders of one home: all a run reads or writes lies below ``root``; the drop may lie elsewhere."""

    root: Path
    drop: Path

    @property
    def landing(self) -> Path:
        """Accepted extract days, ``<table>/extract_date=<day>/data.parquet``."""
        return self.root / "landing"

    @property
    def pending(self) -> Path:
        """Extract days that wait for door 1, or were refused by it."""
        return self.landing / "_pending"

    @property
    def landing_facts(self) -> Path:
        """Small Parquet tables about landing: run parameters, availability, outcomes."""
        return self.landing / "_facts"

    @property
    def quarantine(self) -> Path:
        """Quarantined rows with their raw text; owner-readable only."""
        return self.root / "quarantine"

    @property
    def analysis(self) -> Path:
        """Parquet tables of the analysis pass: fits, back-tests, predictions."""
        return self.root / "analysis"

    @property
    def build_file(self) -> Path:
        """The DuckDB file dbt builds in."""
        return self.root / "warehouse" / "build.duckdb"

    @property
    def lock_file(self) -> Path:
        """Lock that lets one writer in."""
        return self.root / "warehouse" / ".lock"

    @property
    def releases(self) -> Path:
        """Published releases and the pointer ``current``."""
        return self.root / "releases"

    @property
    def gate(self) -> Path:
        """Why nothing was published, what both doors said over time, and Data Docs."""
        return self.root / "gate"

    @property
    def alerts(self) -> Path:
        """The ledger of alerts, and the messages of the file channel."""
        return self.root / "alerts"

    @property
    def dagster(self) -> Path:
        """Run history of Dagster."""
        return self.root / "dagster"

    @property
    def dbt_target(self) -> Path:
        """Where dbt keeps its manifest and compiled SQL."""
        return self.root / "dbt" / "target"

    @property
    def dbt_logs(self) -> Path:
        """Where dbt logs."""
        return self.root / "dbt" / "logs"

    @property
    def pseudonym_key(self) -> Path:
        """The key that e-mail addresses and phone numbers are hashed with."""
        return self.root / "privacy" / "pseudonym.key"


class MissingSecretError(ValueError):
    """The environment holds no secret of that name."""


def secret(name: str) -> str:
    """A secret from the environment, by the name the source mapping gives; it is held nowhere else, nor shown.

    Raises:
        MissingSecretError: there is none.
    """
    value = os.environ.get(name, "")
    if not value:
        raise MissingSecretError(f"environment variable {name} is not set; the source mapping names it for an address.")
    return value


def channel_address(name: str) -> str | None:
    """The address of a channel of messages, from ``PARCOURS_CHANNEL_<NAME>``; a secret, held and shown nowhere."""
    return os.environ.get(f"PARCOURS_CHANNEL_{name.upper().replace('-', '_')}") or None


class Settings(BaseSettings):
    """Settings of a run, from ``PARCOURS_*`` environment variables; every one has a default that works."""

    model_config = SettingsConfigDict(env_prefix="PARCOURS_", extra="ignore")

    home: Path = Field(default=Path("parcours_home"), description="Folder that holds all state")
    drop: Path | None = Field(default=None, description="Folder with the extracts; default <home>/drop")
    sources: Path | None = Field(default=None, description="The source mapping; default <home>/sources.yaml")
    seeds: Path | None = Field(
        default=None, description="Folder with the seeds; default <home>/seeds if there, else those shipped"
    )
    dbt_threads: int = Field(default=2, ge=1, description="dbt threads, and DuckDB threads")
    memory_gigabytes: int | None = Field(
        default=None, ge=1, description="Most GiB the engine holds while models are built, before it writes to disk"
    )
    quarantine_days: int = Field(default=90, ge=1, description="Days that quarantined rows are kept")
    future_tolerance_hours: int = Field(
        default=24, ge=0, description="Hours after its extract day that something may have happened"
    )
    unpacked_ratio: int = Field(default=250, ge=2, description="Most bytes a compressed byte may unpack to")
    unpacked_gigabytes: int = Field(default=64, ge=1, description="Most GiB one file may unpack to")

    keep_releases: int = Field(default=30, ge=1, description="Newest releases that are kept")
    keep_release_months: int = Field(
        default=12, ge=0, description="Latest months of which the last release is kept, however old"
    )
    alert_language: Literal["en", "fr"] = Field(default="en", description="Language of messages")
    alert_fresh_days: int = Field(default=3, ge=0, description="Days after an as-of day that messages about it are due")
    report_url: str = Field(default="", description="Where the report of the served release is seen, for messages")

    @field_validator("home")
    @classmethod
    def _home_can_be_named_in_sql(cls, home: Path) -> Path:
        if "'" in str(home.expanduser().resolve()):
            raise ValueError("the path of a home may not hold a quotation mark ('); give another folder")
        if "?" in str(home.expanduser().resolve()):  # dbt takes it for the start of a query
            raise ValueError("the path of a home may not hold a question mark (?); give another folder")
        return home

    @property
    def paths(self) -> Home:
        """The folders of this home, absolute."""
        root = self.home.expanduser().resolve()
        return Home(root=root, drop=self.drop.expanduser().resolve() if self.drop else root / "drop")

    @property
    def sources_file(self) -> Path:
        """The source mapping."""
        return self.sources.expanduser().resolve() if self.sources else self.paths.root / "sources.yaml"

    @property
    def seeds_folder(self) -> Path:
        """The seeds dbt loads: the user's own if there are any, else those shipped."""
        if self.seeds:
            return self.seeds.expanduser().resolve()
        own = self.paths.root / "seeds"
        return own if own.is_dir() else self.dbt_project / "seeds"

    @property
    def dbt_project(self) -> Path:
        """The dbt project."""
        return PROJECT_ROOT / "dbt_project"

    @property
    def expectations(self) -> Path:
        """The suites of both doors."""
        return PROJECT_ROOT / "expectations"

    def dbt_environment(self) -> dict[str, str]:
        """Variables that tell dbt where this home is; see ``dbt_project/profiles.yml``."""
        paths = self.paths
        return {
            "PARCOURS_BUILD_FILE": str(paths.build_file),
            "PARCOURS_LANDING": str(paths.landing),
            "PARCOURS_ANALYSIS": str(paths.analysis),
            "PARCOURS_DBT_THREADS": str(self.dbt_threads),
            "PARCOURS_MEMORY_LIMIT": f"{self.memory_gigabytes}GiB" if self.memory_gigabytes else _MOST_MEMORY,
            "DBT_TARGET_PATH": str(paths.dbt_target),
            "DBT_LOG_PATH": str(paths.dbt_logs),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DBT_PROFILES_DIR": str(self.dbt_project),
        }

    def export_environment(self) -> None:
        """Put what dbt and Dagster read into this process's environment; nothing else of the product writes it."""
        os.environ.update(self.dbt_environment())
        os.environ["DAGSTER_HOME"] = str(self.paths.dagster)
        # what a run plans is stored as one batch
        os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "1000")

    def export_home(self) -> None:
        """Put this home's paths, absolute, into the environment, for a process started elsewhere."""
        os.environ["PARCOURS_HOME"] = str(self.paths.root)
        os.environ["PARCOURS_DROP"] = str(self.paths.drop)
        os.environ["PARCOURS_SOURCES"] = str(self.sources_file)
        os.environ["PARCOURS_SEEDS"] = str(self.seeds_folder)
