"""Charts as inline SVG, drawn by pure functions.

Belongs here: numbers in, SVG text out, colours by CSS class. Does not belong here: tables, KPI formats.
"""
