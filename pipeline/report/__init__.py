"""The static report of a release: one HTML page drawn from the published tables.

Belongs here: reading published tables, formatting, charts, the page. Does not belong here: any metric of
its own, anything that looks at data which is not published.
"""

from pipeline.report.dictionary import write_dictionary
from pipeline.report.facts import ReleaseFacts
from pipeline.report.page import render_report, write_report

__all__ = ["ReleaseFacts", "render_report", "write_dictionary", "write_report"]
