"""A member as another sees it: messages to it, its answers checked, its evaluations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from vedette.audit import Act
from vedette.base import Clock, VedetteError
from vedette.sharing.blind import store as state
from vedette.sharing.blind import voprf, wire
from vedette.sharing.blind.answer import respond
from vedette.sharing.blind.epochs import agreement, keys
from vedette.sharing.blind.group import Epoch, Join
from vedette.sharing.blind.store import Own
from vedette.store import Store


class Unanswered(VedetteError):
    """A member could not be reached, refused, or answered with something that is not its own."""


class Transport(Protocol):
    """Takes a message to an address and brings the answer back."""

    def send(self, url: str, message: wire.Message) -> wire.Message:
        """The answer. Raises Unanswered."""
        ...


class Line:
    """One's own connection to the members of an epoch. Messages to oneself do not leave the house."""

    def __init__(self, store: Store, own: Own, transport: Transport, clock: Clock) -> None:
        self.epoch: Epoch = agreement(own)
        self.own = own
        self._store = store
        self._secrets = keys(own)
        self._transport = transport
        self._clock = clock

    def ask(self, name: str, kind: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send a signed message to a member and return the body of its answer. Raises Unanswered."""
        member = self.epoch.member(name)
        sent = wire.write(
            self._secrets,
            kind=kind,
            epoch=self.epoch.id,
            sender=self.own.name,
            body={**body, "purpose": self.epoch.purpose},
            now=self._clock.now(),
        )
        if name == self.own.name:
            return respond(self._store, sent, clock=self._clock).body
        got = self._transport.send(member.url, sent)
        expected = (f"{kind}.answer", self.epoch.id, name, sent.request_id)
        if (got.kind, got.epoch, got.sender, got.request_id) != expected or not got.authentic(member.signing_key):
            raise Unanswered(f"the answer is not {name!r}'s to this question", remedy="Check its address")
        return got.body

    def keep_set(self, act: Act, combined: bytes, withdrawn: bytes) -> None:
        """Keep the combined set and its recall list, sealed until the epoch's keys are destroyed."""
        for part, data in (("set", combined), ("recall", withdrawn)):
            state.keep_tags(act, self._secrets.file_key, self.epoch.id, "", part, 0, data)

    def kept_set(self) -> tuple[bytes, bytes]:
        """The combined set and recall list last fetched; empty where there are none."""
        with self._store.database.reading() as connection:
            found = [
                b"".join(data for _, _, data in state.tags(connection, self._secrets.file_key, self.epoch.id, part))
                for part in ("set", "recall")
            ]
        return found[0], found[1]

    def members(self) -> list[Oneself | Remote]:
        """Every member as an evaluator, oneself included."""
        return [
            Oneself(self._secrets.share(self.epoch.purpose, self.epoch.label, item.name), item.name)
            if item.name == self.own.name
            else Remote(self, item)
            for item in self.epoch.members
        ]


class Oneself:
    """Oneself as a member: one's own share, used without a message."""

    def __init__(self, pair: voprf.KeyPair, name: str) -> None:
        self._pair = pair
        self.name = name
        self.share_key = pair.public

    def evaluate(self, elements: Sequence[bytes]) -> tuple[Sequence[bytes], bytes]:
        """Each element times the own share."""
        return voprf.blind_evaluate(self._pair, elements)


class Remote:
    """Another member, asked by message."""

    def __init__(self, line: Line, member: Join) -> None:
        self._line = line
        self.name = member.name
        self.share_key = bytes.fromhex(member.share_key)

    def evaluate(self, elements: Sequence[bytes]) -> tuple[Sequence[bytes], bytes]:
        """Each element times the member's share, with its proof, as the member says. Raises Unanswered."""
        body = self._line.ask(self.name, "evaluate", {"elements": [item.hex() for item in elements]})
        try:
            answers = wire.elements(body, "elements", len(elements))
            proof = bytes.fromhex(str(body.get("proof")))
        except (wire.BadMessage, ValueError):
            raise Unanswered(f"{self.name!r} answered with no evaluations", remedy="Ask its people") from None
        return answers, proof
