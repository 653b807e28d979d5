"""View models: rows of published tables turned into exactly what a template prints.

Belongs here: grouping, wording, the choice of chart. Does not belong here: HTML, SQL, new metrics.
"""
