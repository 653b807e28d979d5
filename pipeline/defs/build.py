"""All definitions of a home, assembled; tests assemble variants with other settings.

Belongs here: which assets, jobs, schedules and resources there are. Does not belong here: what they do.
"""

from pathlib import Path

import dagster as dg
import yaml

from pipeline.defs.alert_sensors import alert_sensors
from pipeline.defs.analysis_assets import analysis_pass
from pipeline.defs.landing_assets import landing_assets
from pipeline.defs.model_assets import model_assets
from pipeline.defs.modelling import ensure_manifest
from pipeline.defs.release_assets import release_assets
from pipeline.defs.resources import home_resource
from pipeline.defs.schedules import every_morning
from pipeline.defs.session import company_or_default, company_variables
from pipeline.settings import Settings

DAILY_JOB = "daily"


def build_definitions(settings: Settings) -> dg.Definitions:
    """The definitions of one home."""
    settings.export_environment()
    prepare_instance(settings.paths.dagster)
    company = company_or_default(settings)
    models = model_assets(ensure_manifest(settings, company_variables(company)))
    published = [key for each in models for key in each.keys if key.path[0] == "published"]
    daily = dg.define_asset_job(
        DAILY_JOB,
        selection=dg.AssetSelection.all(),
        description="Land the extracts of a day or a range of days, judge them, rebuild the models, publish a release.",
        executor_def=dg.in_process_executor,
        tags={"dagster/max_runtime": 6 * 3600},
    )
    return dg.Definitions(
        assets=[*landing_assets(company.business_time_zone), *models, analysis_pass(), *release_assets(published)],
        jobs=[daily],
        schedules=[every_morning(DAILY_JOB, company.business_time_zone)],
        sensors=alert_sensors(settings, company.business_time_zone),
        resources={"home": home_resource(settings)},
        executor=dg.in_process_executor,
    )


def prepare_instance(folder: Path) -> None:
    """Make the folder of Dagster's run history, with its configuration if there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "dagster.yaml"
    if not file.exists():
        content = {
            "telemetry": {"enabled": False},
            "concurrency": {"pools": {"default_limit": 1}, "runs": {"max_concurrent_runs": 1}},
            "event_log_storage": {
                "module": "pipeline.defs.event_log",
                "class": "KeptEventLogStorage",
                "config": {"base_dir": {"env": "DAGSTER_HOME"}},
            },
        }
        file.write_text(yaml.safe_dump(content), encoding="utf-8")
