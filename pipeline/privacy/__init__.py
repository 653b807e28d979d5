"""Keys, erasure and export of a person.

Belongs here: what the product owes the people in the data. Does not belong here: hashing, which landing does.
"""

from pipeline.privacy.keys import PseudonymKey, PseudonymKeyError, load_or_create_key

__all__ = ["PseudonymKey", "PseudonymKeyError", "load_or_create_key"]
