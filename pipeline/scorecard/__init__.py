"""How right the product is: its tables against the truth of an invented company.

Belongs here: scores. Does not belong here: making the company, or running the pipeline on it.
"""
