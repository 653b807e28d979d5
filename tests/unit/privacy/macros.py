"""The suppression macros as SQL, without dbt: they ask for nothing but variables."""

from collections.abc import Mapping

import jinja2

from pipeline.settings import PROJECT_ROOT

MINIMUM = 10
_FOLDER = PROJECT_ROOT / "dbt_project" / "macros"


def rendered(sql: str, *files: str, variables: Mapping[str, object] | None = None) -> str:
    """SQL with the macros of some files, each named by its stem."""
    known = {"suppression_minimum_customers": MINIMUM, **(variables or {})}
    source = "".join((_FOLDER / f"{name}.sql").read_text(encoding="utf-8") for name in files)
    template = jinja2.Template(source + sql)
    return template.render(var=lambda name: known[name])
