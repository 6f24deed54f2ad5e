"""The three forms in which OFAC publishes the same entries, told apart by content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from vedette.watchlists.ofac_advanced import is_advanced, read_advanced
from vedette.watchlists.ofac_csv import is_consolidated, read_ofac, role_of
from vedette.watchlists.ofac_xml import is_xml, names_consolidated, read_xml
from vedette.watchlists.reading import Piece, Reading


def role_in_any(head: bytes) -> str:
    """The file's role: primary for both XML forms, one of four for CSV; empty if it is none of OFAC's."""
    return "primary" if is_xml(head) or is_advanced(head) else role_of(head)


def belongs_to_consolidated(name: str, head: bytes) -> bool:
    """Whether the file is of the consolidated (non-SDN) set: by its name, or by the programme that set begins with."""
    return is_consolidated(name) or (is_xml(head) and names_consolidated(head))


def read_any(pieces: Mapping[str, Piece]) -> Reading:
    """Read a version in whichever form its primary file has. CSV companions beside an XML file add nothing, and are counted."""
    primary = pieces["primary"]
    head = primary.data[:4096]
    if not is_xml(head) and not is_advanced(head):
        return read_ofac(pieces)
    reading = read_xml(primary) if is_xml(head) else read_advanced(primary)
    beside = {f"the {role} file beside an XML file": 1 for role in pieces if role != "primary"}
    return replace(reading, ignored={**reading.ignored, **beside})
