"""`parcours dev`: Dagster's own UI and daemon on the home.

Belongs here: starting them. Does not belong here: definitions.
"""

import os
import sys

from pipeline.defs.build import prepare_instance
from pipeline.settings import PROJECT_ROOT, Settings


def serve_dagster(settings: Settings, port: int) -> None:
    """Replace this process by ``dagster dev``, bound to loopback; it ends with it.

    Raises:
        FileNotFoundError: the product is not run from its checkout.
    """
    workspace = PROJECT_ROOT / "workspace.yaml"
    if not workspace.exists():
        raise FileNotFoundError("workspace.yaml is not where the product is; run from a checkout")
    settings.export_environment()
    prepare_instance(settings.paths.dagster)
    settings.export_home()  # relative paths would change their meaning below
    os.chdir(PROJECT_ROOT)
    arguments = ["dev", "-w", str(workspace), "--host", "127.0.0.1", "--port", str(port)]
    os.execv(sys.executable, [sys.executable, "-m", "dagster", *arguments])  # noqa: S606
