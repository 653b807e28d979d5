"""Where stages are combined and Dagster is spoken: thin assets over core functions, jobs, schedule, resources.

Belongs here: the course of a run. Does not belong here: any rule about data.
"""

import warnings

import dagster as dg

# Pools and single-run backfills are marked beta in the pinned version; the graph snapshot guards their use.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
warnings.filterwarnings("ignore", category=dg.PreviewWarning)
