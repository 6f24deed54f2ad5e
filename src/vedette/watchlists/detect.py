"""Which source a file belongs to, judged by its content, and which files together make one version of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from vedette.base import Place
from vedette.watchlists.reading import ListError, Piece
from vedette.watchlists.source import parser_of, sources

_HEAD = 64 * 1024
PRIMARY = "primary"
# What else a file may turn out to be, so that the remedy can name it.
_HINTS = (
    (b"<!doctype html", "is a web page, not a list", "The download needs another address or a sign-in"),
    (b"<html", "is a web page, not a list", "The download needs another address or a sign-in"),
    (b"<!doctype", "declares a document type", "No official list does; take it from the publisher's own address"),
    (b"<!entity", "declares entities", "No official list does; take it from the publisher's own address"),
    (b"amendedcelex,", "is an amending act, not a list", "Load the consolidated file of the act that it amends"),
    (b"pk\x03\x04", "is a zip archive", "Unpack it first"),
    (b"%pdf", "is a PDF document", "Take the publisher's data file"),
)


@dataclass(frozen=True, slots=True)
class Batch:
    """The pieces that together make one version of one source's list, by role."""

    source_id: str
    pieces: Mapping[str, Piece]

    @property
    def dated(self) -> date | None:
        """The day in the primary file's name."""
        return self.pieces[PRIMARY].dated

    @property
    def name(self) -> str:
        """The files' names, for people."""
        return " + ".join(piece.name for piece in self.pieces.values())


@dataclass(slots=True)
class Sorting:
    """Batches in the order of their days, and the pieces that joined none, with the reason."""

    batches: list[Batch] = field(default_factory=list)
    left: list[tuple[Piece, ListError]] = field(default_factory=list)


def recognise(piece: Piece) -> tuple[str, str]:
    """Source id and role of a piece. Raises ListError where no source, or more than one, claims it."""
    head = piece.data[:_HEAD]
    claims = [(item.id, role) for item in sources() if (role := parser_of(item.id).recognise(piece.name, head))]
    if len(claims) == 1:
        return claims[0]
    if claims:
        names = ", ".join(source_id for source_id, _ in claims)
        raise ListError(f"could belong to several sources: {names}", place=Place(piece.name))
    low = head.lower().lstrip(b"\xef\xbb\xbf \r\n\t")
    for mark, problem, remedy in _HINTS:
        if low.startswith(mark) or (mark.startswith(b"<") and mark in low):
            raise ListError(problem, place=Place(piece.name), remedy=remedy)
    raise ListError(
        "is in no list format known here",
        place=Place(piece.name),
        remedy="`vedette lists status` names what can be read",
    )


def sort_out(pieces: Iterable[Piece]) -> Sorting:
    """Put the pieces together. Each primary file makes a batch; each companion joins the nearest primary of its source."""
    sorting = Sorting()
    claimed: dict[str, list[tuple[str, Piece]]] = {}
    for piece in pieces:
        try:
            source_id, role = recognise(piece)
        except ListError as fault:
            sorting.left.append((piece, fault))
        else:
            claimed.setdefault(source_id, []).append((role, piece))
    for source_id, members in claimed.items():
        _batches(source_id, members, sorting)
    sorting.batches.sort(key=lambda batch: (batch.dated or date.max, batch.source_id))
    return sorting


def _batches(source_id: str, members: list[tuple[str, Piece]], sorting: Sorting) -> None:
    companions = [(role, piece) for role, piece in members if role != PRIMARY]
    primaries = [piece for role, piece in members if role == PRIMARY]
    used: set[int] = set()
    for primary in primaries:
        pieces = {PRIMARY: primary}
        for role in sorted({role for role, _ in companions}):
            nearest = min((p for r, p in companions if r == role), key=lambda piece: _distance(primary, piece))
            pieces[role] = nearest
            used.add(id(nearest))
        sorting.batches.append(Batch(source_id, pieces))
    for role, piece in companions:
        if id(piece) not in used:
            sorting.left.append((piece, _unused(source_id, role, piece, bool(primaries))))


def _distance(primary: Piece, companion: Piece) -> int:
    if primary.dated is None or companion.dated is None:
        return 0 if primary.dated == companion.dated else 10_000_000
    return abs((primary.dated - companion.dated).days)


def _unused(source_id: str, role: str, piece: Piece, any_primary: bool) -> ListError:
    if any_primary:
        problem = f"is a second {role!r} file of {source_id}; one nearer in date was taken"
        return ListError(problem, place=Place(piece.name), remedy="Name only the files that belong together")
    return ListError(
        f"is the {role!r} file of {source_id}, which only adds to a primary file",
        place=Place(piece.name),
        remedy="Name the primary file (such as sdn.csv or cons_prim.csv) in the same command",
    )
