"""The `parcours` command.

Belongs here: talking to the person at the terminal. Does not belong here: work; commands call stages and `defs`.
"""
