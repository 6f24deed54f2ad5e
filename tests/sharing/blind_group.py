"""Participants of a blind match in one process: workspaces with customers, decided cases, and a wire between them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.made import ANNA, BERT, JOB, finding, workspace
from vedette import accounts, audit, cases, findings
from vedette.app.rooms import catalogue
from vedette.base import Clock, Evidence, FixedClock, Principal, PrincipalKind, Strength
from vedette.cases import Action, Outcome
from vedette.cases.appeal import answer, appeal
from vedette.sharing.blind import epochs, wire
from vedette.sharing.blind.answer import respond
from vedette.sharing.blind.group import Epoch, open_epoch
from vedette.sharing.blind.match import Answer, Query, match
from vedette.sharing.blind.publish import Published, publish
from vedette.sharing.blind.store import Own
from vedette.sharing.blind.transport import Unanswered
from vedette.store import Store, Workspace

PURPOSE, LABEL = "adverse-decision", "2026-03"
CARA = Principal(PrincipalKind.PERSON, "cara")
CUSTOMERS = (
    {
        "account_id": "a-1",
        "kind": "person",
        "name": "Kim Example",
        "email": "Kim.Example+x@gmail.com",
        "phone": "+1 202 555 0100",
        "country": "US",
    },
    {"account_id": "a-2", "kind": "person", "name": "Ann Other", "email": "ann@example.org", "country": "SG"},
    {
        "account_id": "a-3",
        "kind": "organization",
        "name": "Third Ltd",
        "email": "third@example.net",
        "registration_number": "0123 4567",
        "country": "GB",
    },
)
WRITTEN = Query("email", "kimexample@GMAIL.com", ref="here-7")
UNHELD = Query("email", "nobody@example.com", ref="here-8")


def template(root: Path, clock: Clock) -> Path:
    """A workspace with three customers, each with a case that waits for a decision."""
    export = root / "export"
    export.mkdir(parents=True)
    names = sorted({name for row in CUSTOMERS for name in row})
    with (export / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(CUSTOMERS)
    store = Store(workspace(root / "ws"), catalogue())
    accounts.load(store, JOB, export, clock=clock)
    evidence = (Evidence("event", "s-1"),)
    with audit.writing(store, JOB, "find", clock=clock) as act:
        stop = {"strength": Strength.STOP, "evidence": evidence}
        findings.record(act, [finding("presence/ip", account=row["account_id"], **stop) for row in CUSTOMERS])
    cases.refresh(store, JOB, clock)
    store.close()
    return root / "ws"


def decided(store: Store, account: str, clock: Clock, *, approved: bool = True, action: Action = Action.SUSPEND) -> str:
    """Decide an account's case as true; by default a second person agrees."""
    case = cases.of_account(store, account)
    assert case is not None
    reason = "listed_party"
    values = {"expected_version": case.version, "clock": clock, "versions": {"lists": {}, "rules": {}, "policies": {}}}
    cases.decide(store, ANNA, case.case_id, Outcome.TRUE, action, reason, "Looked at it.", **values)  # type: ignore[arg-type]  # mixed values
    if approved and action is not Action.RESTRICT:
        cases.approve(store, BERT, case.case_id, clock=clock)
    return case.case_id


def appealed(store: Store, case_id: str, clock: Clock) -> str:
    """Take in an appeal."""
    return appeal(store, CARA, case_id, "I am somebody else.", clock=clock).appeal_id


def won(store: Store, appeal_id: str, clock: Clock) -> None:
    """Answer an appeal for the customer."""
    answer(store, CARA, appeal_id, changed=True, note="The papers show it.", clock=clock)


@dataclass
class Wire:
    """Messages between houses without a network; ``sent`` keeps them, ``change`` may alter an answer on its way."""

    clock: FixedClock
    houses: dict[str, Store] = field(default_factory=dict)
    sent: list[tuple[str, wire.Message]] = field(default_factory=list)
    down: set[str] = field(default_factory=set)

    def send(self, url: str, message: wire.Message) -> wire.Message:
        """Hand a message to the house behind an address, over its bytes."""
        self.sent.append((url, message))
        if url in self.down:
            raise Unanswered("nobody answers")
        got = respond(self.houses[url], wire.decode(message.encoded()), clock=self.clock)
        return wire.decode(got.encoded())


@dataclass
class Group:
    """Houses that agreed on an epoch; the first is the relay."""

    clock: FixedClock
    wire: Wire
    stores: list[Store]
    owns: list[Own]
    epoch: Epoch

    def publish(self, number: int) -> Published:
        """Let a house publish."""
        return publish(self.stores[number], JOB, self.owns[number], self.wire, clock=self.clock)

    def publish_all(self) -> None:
        """Let every house publish, and go on to the next round."""
        for number in range(len(self.stores)):
            self.publish(number)
        self.clock.advance(timedelta(minutes=self.epoch.round_minutes))

    def match(self, number: int, *queries: Query) -> list[Answer]:
        """Let a house ask."""
        return match(self.stores[number], ANNA, self.owns[number], queries, self.wire, clock=self.clock)

    def held(self, number: int, *queries: Query) -> list[bool | None]:
        """Only whether each is held."""
        return [item.held for item in self.match(number, *queries)]


def group(root: Path, made: Path, clock: FixedClock, size: int, **terms: object) -> Iterator[Group]:
    """So many houses with the template's customers, agreed on one epoch."""
    line = Wire(clock)
    stores, joins = [], []
    for number in range(size):
        shutil.copytree(made, root / f"h{number}")
        store = Store(Workspace(root / f"h{number}"), catalogue())
        url = f"https://h{number}.example"
        line.houses[url] = store
        stores.append(store)
        joins.append(epochs.join(store, ANNA, purpose=PURPOSE, label=LABEL, name=f"h{number}", url=url, clock=clock))
    settled = agreed(joins, clock, size, **terms)
    owns = [epochs.accept(store, ANNA, settled, clock=clock) for store in stores]
    yield Group(clock, line, stores, owns, settled)
    for store in stores:
        store.close()


def agreed(joins: Sequence[object], clock: FixedClock, size: int, **terms: object) -> Epoch:
    """The epoch of some joins."""
    values = {"relay": "h0", "opens": clock.now(), "days": 30, "pairwise": size < 5, **terms}
    return open_epoch(joins, **values)  # type: ignore[arg-type]  # mixed values
