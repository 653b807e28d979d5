"""Studies over many seeds: generated facts straight into the product's own SQL, without files and without the door.

Belongs here: running models on facts of a study's own. Does not belong here: what facts, and how they are scored.
"""
