"""Many identifiers to tags at once: blinded, evaluated by every member, verified, unblinded; over processes where many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Protocol, TypeVar

from vedette.base import VedetteError, canonical_json
from vedette.sharing.blind import voprf
from vedette.sharing.blind.group import combine
from vedette.sharing.blind.tagset import SIZE

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")
_CHUNK = 1_000
#: Below this many identifiers, starting processes costs more than it saves.
_WORTH = 4_000
_Blinded = tuple[bytes, bytes, bytes]


class Unproven(VedetteError):
    """A member's evaluation without a valid proof: it used another key, or somebody changed its answer."""


class Evaluator(Protocol):
    """A member as the querier sees it: its name, its public key share, and what it makes of blinded elements."""

    @property
    def name(self) -> str:
        """The member's name."""
        ...

    @property
    def share_key(self) -> bytes:
        """The public key share, from the epoch's agreement."""
        ...

    def evaluate(self, elements: Sequence[bytes]) -> tuple[Sequence[bytes], bytes]:
        """Each element times the share, and one proof for the batch."""
        ...


class Mapper(Protocol):
    """Applies a function to each piece of work, in order."""

    def __call__(self, work: Callable[[_Given], _Made], pieces: Iterable[_Given], /) -> Iterator[_Made]:
        """What the function made of each piece."""
        ...


@contextmanager
def workers(count: int, size: int) -> Iterator[Mapper]:
    """Work in this process, or spread over ``count`` processes where there is enough of it."""
    if count < 2 or size < _WORTH:
        yield map
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield pool.map


def message(purpose: str, epoch_id: str, kind: str, normal: str) -> bytes:
    """What is evaluated for an identifier: bound to purpose, epoch and kind."""
    return canonical_json(["vedette-blind", purpose, epoch_id, kind, normal])


def tags_of(
    messages: Sequence[bytes],
    members: Sequence[Evaluator],
    *,
    batch: int = _CHUNK,
    spread: Mapper = map,
    advance: Callable[[int], None] = lambda _count: None,
) -> list[bytes]:
    """The tag of each message under the members' joint key, in order. Raises Unproven before any answer is used."""
    found: list[bytes] = []
    pieces = chunks(messages, batch)
    blinded = list(spread(_blind_piece, pieces))
    gathered = []
    for piece in blinded:
        answers = [(member.name, member.share_key, *member.evaluate([item[2] for item in piece])) for member in members]
        gathered.append((piece, answers))
        advance(len(piece))
    for done in spread(_finish_piece, gathered):
        found += done
    return found


def direct_tags(secret: bytes, messages: Sequence[bytes], *, spread: Mapper = map) -> list[bytes]:
    """The tags that the only holder of a key computes by itself."""
    return [
        tag for piece in spread(_direct_piece, [(secret, part) for part in chunks(messages, _CHUNK)]) for tag in piece
    ]


def chunks(items: Sequence[bytes], size: int) -> list[Sequence[bytes]]:
    """Consecutive pieces of at most ``size``."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def _blind_piece(messages: Sequence[bytes]) -> list[_Blinded]:
    made = (voprf.blind(item) for item in messages)
    return [(item.data, item.blind, item.element) for item in made]


def _finish_piece(
    work: tuple[Sequence[_Blinded], Sequence[tuple[str, bytes, Sequence[bytes], bytes]]],
) -> list[bytes]:
    piece, answers = work
    elements = [item[2] for item in piece]
    for name, key, evaluated, proof in answers:
        if not voprf.verify_proof(key, elements, evaluated, proof):
            raise Unproven(f"the answer of {name!r} is not proven", remedy="Do not use this epoch; ask its member")
    sums = combine([evaluated for _, _, evaluated, _ in answers])
    blinds = (voprf.Blinded(*item) for item in piece)
    return [voprf.finalize(one, total)[:SIZE] for one, total in zip(blinds, sums, strict=True)]


def _direct_piece(work: tuple[bytes, Sequence[bytes]]) -> list[bytes]:
    secret, messages = work
    return [voprf.evaluate(secret, item)[:SIZE] for item in messages]
