"""The sample company: an invented French retailer whose extracts show every part of the product at work.

Belongs here: inventing a company and delivering its extracts. Does not belong here: reading any.
"""

from pipeline.sample.company import SampleSummary, write_sample
from pipeline.sample.seasons import FIRST_DAY, FIRST_DROP, HISTORY_END, LAST_DROP

__all__ = ["FIRST_DAY", "FIRST_DROP", "HISTORY_END", "LAST_DROP", "SampleSummary", "write_sample"]
