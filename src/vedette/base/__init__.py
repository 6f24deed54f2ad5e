"""Words everyone shares: ids, who acts, findings and their evidence, errors, the clock, strict reading.

No input or output here. Grows only when a second room needs the same word.
"""

from vedette.base.clock import Clock, FixedClock, SystemClock, from_micros, iso, parse_day, parse_time, to_micros
from vedette.base.errors import ContentError, Place, VedetteError
from vedette.base.ids import Json, canonical_json, digest, stable_id
from vedette.base.model import Evidence, Finding, Principal, PrincipalKind, Strength, Subject
from vedette.base.party import Address, Identifier, Name, NameQuality, Party, PartyKind
from vedette.base.strict import Record, plain, read_record, unique

__all__ = [
    "Address",
    "Clock",
    "ContentError",
    "Evidence",
    "Finding",
    "FixedClock",
    "Identifier",
    "Json",
    "Name",
    "NameQuality",
    "Party",
    "PartyKind",
    "Place",
    "Principal",
    "PrincipalKind",
    "Record",
    "Strength",
    "Subject",
    "SystemClock",
    "VedetteError",
    "canonical_json",
    "digest",
    "from_micros",
    "iso",
    "parse_day",
    "parse_time",
    "plain",
    "read_record",
    "stable_id",
    "to_micros",
    "unique",
]
