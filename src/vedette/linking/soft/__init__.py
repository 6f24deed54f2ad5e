"""Soft identity: how much names, birth dates, addresses and numbers that are nearly the same say for one person, in bits.

Fellegi-Sunter over levels of agreement. Knows no workspace: texts in, bits out; nothing is kept.
"""

from vedette.linking.soft.agree import FIELDS, Field, Record, record
from vedette.linking.soft.learn import Model, learn
from vedette.linking.soft.weigh import Comparer

__all__ = ["FIELDS", "Comparer", "Field", "Model", "Record", "learn", "record"]
