"""The sample company: an invented French retailer whose extracts show every part of the product at work.

Belongs here: inventing a company, delivering its extracts and telling the truth about it. Does not belong here: reading
any of it. `ground` is what all stands on, `shopping` and `aftermath` make the world, `delivery` and `truth` write it;
`company` and `writing` put them together. Others import from here only.
"""

from pipeline.sample.aftermath.others import make_books
from pipeline.sample.company import make_world
from pipeline.sample.delivery.messes import Messes
from pipeline.sample.delivery.told import ToldTable, teach_names, told_tables
from pipeline.sample.ground import vocabulary
from pipeline.sample.ground.scenario import Scenario, load_scenarios, scenario_named
from pipeline.sample.ground.seasons import FIRST_DAY, FIRST_DROP, HISTORY_END, LAST_DROP
from pipeline.sample.ground.world import World
from pipeline.sample.writing import SampleSummary, write_sample

__all__ = [
    "FIRST_DAY",
    "FIRST_DROP",
    "HISTORY_END",
    "LAST_DROP",
    "Messes",
    "SampleSummary",
    "Scenario",
    "ToldTable",
    "World",
    "load_scenarios",
    "make_books",
    "make_world",
    "scenario_named",
    "teach_names",
    "told_tables",
    "vocabulary",
    "write_sample",
]
