"""`parcours models`: the site of all models.

Belongs here: the command. Does not belong here: making the page.
"""

import typer

from pipeline.cli.terminal import complain, plain_errors, read_settings, say


def models() -> None:
    """Write one page of all models, with columns and lineage, from the last build; it needs no network."""
    from pipeline.defs.model_pages import write_model_pages  # noqa: PLC0415
    from pipeline.defs.modelling import ModellingError  # noqa: PLC0415

    with plain_errors():
        try:
            page = write_model_pages(read_settings())
        except ModellingError as error:
            complain(str(error))
            raise typer.Exit(1) from None
    say(str(page))
