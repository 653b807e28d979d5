"""The site of all models that dbt makes: one page that works from disk, without a network.

Belongs here: having dbt write it, and closing it to the outside. Does not belong here: what it says, which is the YAML
of the models.
"""

from pathlib import Path
from typing import Final

from pipeline.defs.modelling import dbt_arguments, ensure_manifest, home_project, run_dbt
from pipeline.defs.session import company_variables
from pipeline.extract import load_sources
from pipeline.settings import Settings
from pipeline.warehouse import one_writer

_HEAD: Final = "<head>"
_CLOSED: Final = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline' "
    "'unsafe-eval' data:; style-src 'unsafe-inline' data:; img-src data:; font-src data:; connect-src data:\">"
)
"""dbt's page asks a server of its makers for a script that counts visits; a browser that reads this does not."""


def write_model_pages(settings: Settings) -> Path:
    """Write every model, seed, macro and test with columns and lineage, and what stands on them, as one page.

    Args:
        settings: the home; its models are built.

    Returns:
        ``dbt/docs/index.html`` in the home.

    Raises:
        FileNotFoundError: nothing is built yet.
        SourcesError: the source mapping is missing or wrong.
        WarehouseBusyError: a run is writing.
    """
    variables = company_variables(load_sources(settings.sources_file).company)
    if not settings.paths.build_file.exists():
        raise FileNotFoundError("no model is built yet; `parcours run` builds them")
    with one_writer(settings.paths.lock_file):
        ensure_manifest(settings, variables)
        project = home_project(settings)
        generate = dbt_arguments("generate", project=project, variables=variables, flags=("--static", "--no-compile"))
        run_dbt(settings, ["docs", *generate])
        text = (settings.paths.dbt_target / "static_index.html").read_text(encoding="utf-8")
    page = settings.paths.root / "dbt" / "docs" / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(closed(text).replace(str(project), "."), encoding="utf-8")
    return page


def closed(text: str) -> str:
    """A page that may ask nothing of the network.

    Raises:
        ValueError: it has no head to say so in.
    """
    if _HEAD not in text:
        raise ValueError("dbt wrote a page without a head; is this another version of dbt?")
    return text.replace(_HEAD, _HEAD + _CLOSED, 1)
