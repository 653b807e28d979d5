"""What SQL cannot say clearly: likelihood fits and their predictions, in one pass between intermediate and marts.

Belongs here: numbers in, numbers out. Does not belong here: business rules on rows, which are dbt models.
"""
