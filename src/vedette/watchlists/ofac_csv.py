"""OFAC's official CSV files: primary, alternate names, addresses and overflowing remarks, joined on the entry number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vedette.base import Address, Identifier, Name, NameQuality, Party, PartyKind, Place
from vedette.names import country_code
from vedette.watchlists.model import Listing
from vedette.watchlists.ofac_remarks import Remarks, read_remarks
from vedette.watchlists.reading import ListError, Piece, Reading, once, rows_of

#: Columns by role. The files have no header row.
_COLUMNS = {"primary": 12, "alt": 5, "add": 6, "comments": 2}
#: Remarks longer than this continue in the comments file.
_CELL = 1000
_KINDS = {
    "individual": PartyKind.PERSON,
    "vessel": PartyKind.VESSEL,
    "aircraft": PartyKind.AIRCRAFT,
    "": PartyKind.ORGANIZATION,
}
_ALIAS_QUALITY = {"aka": NameQuality.STRONG, "fka": NameQuality.STRONG, "nka": NameQuality.STRONG}
_HEADS = {
    "primary": re.compile(rb'\d+,"[^"]+",(?:"[^"]*"|-0- ),(?:"[^"]*"|-0- ),(?:[^\r\n]*,){7}'),
    "alt": re.compile(rb'\d+,\d+,"[afn]ka",'),
    "add": re.compile(
        rb'\d+,\d+,(?:"[^"]*"|-0- ),(?:"[^"]*"|-0- ),(?:"[^"]*"|-0- ),(?:"[^"]*"|-0- )\s*(?:\r?\n|\x1a|$)'
    ),
    "comments": re.compile(rb'\d+,"[^"]*"\s*(?:\r?\n|\x1a|$)'),
}


def role_of(head: bytes) -> str:
    """Which of the four files begins like this; empty if none does."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    return next((role for role, form in _HEADS.items() if form.match(head)), "")


def is_consolidated(name: str) -> bool:
    """Whether a file belongs to the consolidated (non-SDN) set. Only the name tells; the rows look alike."""
    return re.search(r"(?:^|[^a-z])(?:cons|consolidated|non_?-?sdn)(?:[^a-z]|$)", name.lower()) is not None


@dataclass(slots=True)
class _Extras:
    """What the companion files say about each entry number, and how much of it found no entry."""

    names: dict[str, list[Name]] = field(default_factory=lambda: defaultdict(list))
    addresses: dict[str, list[Address]] = field(default_factory=lambda: defaultdict(list))
    comments: dict[str, str] = field(default_factory=lambda: defaultdict(str))


def read_ofac(pieces: Mapping[str, Piece]) -> Reading:
    """Join the four files. Only the primary one makes entries; companion rows without an entry are counted as ignored."""
    extras = _Extras()
    companions = {role: list(_rows(pieces[role], role)) for role in ("alt", "add", "comments") if role in pieces}
    _gather(companions, extras)
    listings: list[Listing] = []
    seen: dict[str, int] = {}
    ignored: defaultdict[str, int] = defaultdict(int)
    for line, row in _rows(pieces["primary"], "primary"):
        if row[0] in seen:
            place = Place(pieces["primary"].name, line)
            raise ListError(f"entry {row[0]} stands twice (first in line {seen[row[0]]})", place=place)
        seen[row[0]] = line
        listings.append(_listing(row, extras, ignored))
    for role, rows in companions.items():
        lost = sum(row[0] not in seen for _, row in rows)
        if lost:
            ignored[f"{role} rows without an entry"] = lost
    return Reading(listings=tuple(listings), ignored=dict(ignored), notes=tuple(_notes(pieces)))


def _rows(piece: Piece, role: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of one file. The last cell keeps its spaces: a full one continues elsewhere, to the letter."""
    columns = _COLUMNS[role]
    for line, row in rows_of(piece):
        if len(row) != columns or not row[0].strip().isdecimal():
            raise ListError(
                f"a row has {len(row)} columns, not the {columns} of OFAC's {role} file",
                place=Place(piece.name, line),
                remedy="The file may be cut short; download it again",
            )
        yield line, [*map(_said, row[:-1]), "" if row[-1].strip() == "-0-" else row[-1]]


def _said(cell: str) -> str:
    """A cell without its padding, empty where OFAC writes its sign for nothing."""
    bare = cell.strip()
    return "" if bare == "-0-" else bare


def _gather(companions: Mapping[str, Sequence[tuple[int, list[str]]]], extras: _Extras) -> None:
    for _, (number, _alt, kind, name, _remark) in companions.get("alt", ()):
        if name:
            extras.names[number].append(Name(name, _ALIAS_QUALITY.get(kind, NameQuality.WEAK)))
    for _, (number, _add, street, city, country, _remark) in companions.get("add", ()):
        text = ", ".join(part for part in (street, city, country) if part)
        if text:
            extras.addresses[number].append(Address(text, country_code(country) or "" if country else ""))
    for _, (number, text) in companions.get("comments", ()):
        extras.comments[number] += text


def _notes(pieces: Mapping[str, Piece]) -> Iterator[str]:
    days = {role: piece.dated for role, piece in pieces.items() if piece.dated}
    if len(set(days.values())) > 1:
        parts = ", ".join(f"{role} {day}" for role, day in sorted(days.items()))
        yield f"the files are of different days ({parts}): aliases and addresses of newer or older entries are missing"
    missing = [role for role in ("alt", "add") if role not in pieces]
    if missing:
        yield f"read without {' and '.join(missing)}: aliases or addresses are missing"
    for role, piece in pieces.items():
        if not piece.data.rstrip(b"\r\n").endswith(b"\x1a"):
            yield f"the {role} file lacks OFAC's end mark; compare its size with the publisher's"


def _listing(row: list[str], extras: _Extras, ignored: defaultdict[str, int]) -> Listing:
    number, name, kind, programmes, title, call_sign, _type, _tonnage, _gross, flag, _owner, _ = row
    remarks = _remarks(row, extras, ignored)
    if kind not in _KINDS:
        ignored[f"kind {kind!r} is new and read as unknown"] += 1
    addresses = tuple(extras.addresses.get(number, ()))
    countries = (country_code(flag) if flag else None, *(address.country for address in addresses))
    party = Party(
        id=number,
        kind=_KINDS.get(kind, PartyKind.UNKNOWN),
        names=once((Name(name), *extras.names.get(number, ()), *remarks.names)),
        birth_dates=once(remarks.birth_dates),
        countries=once(code for code in countries if code),
        addresses=once(addresses),
        identifiers=once((*([Identifier("call_sign", call_sign)] if call_sign else []), *remarks.identifiers)),
        websites=once(remarks.websites),
    )
    kept = f"{title}; {remarks.kept}" if title and remarks.kept else title or remarks.kept
    return Listing(entity_id=number, party=party, programmes=programme_tags(programmes), remarks=kept)


def _remarks(row: list[str], extras: _Extras, ignored: defaultdict[str, int]) -> Remarks:
    """Join the overflow where the cell is full; an overflow of a cell that is not full belongs to another day's list."""
    text, more = row[11], extras.comments.get(row[0], "")
    full = len(text) >= _CELL
    if more and not full:
        ignored["comments that do not continue their entry"] += 1
    return read_remarks(text + more if full else text, cut=full and not more)


def programme_tags(cell: str) -> tuple[str, ...]:
    """The tags of a programme cell such as "NPWMD] [DPRK2"."""
    return tuple(tag.strip(" []") for tag in re.split(r"\]\s*\[", cell) if tag.strip(" []"))
