"""What leaves: open objects out of confirmed cases without anything of a person, recalls, disclosures by two, and proofs."""

from __future__ import annotations

import base64
import csv
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.made import ANNA, BERT, JOB, finding, workspace
from tests.sharing.conftest import END, Open, shared
from vedette import accounts, audit, cases, events, findings
from vedette.app.rooms import catalogue
from vedette.app.step import Surroundings
from vedette.app.steps import STEPS
from vedette.approvals import NotAllowed
from vedette.audit.checkpoint import public_bytes
from vedette.audit.store import signing_key
from vedette.base import Evidence, FixedClock, Strength
from vedette.cases import Action, Outcome
from vedette.cases.model import DecisionState
from vedette.cases.store import decisions, keep_decision
from vedette.reports.grounds import available
from vedette.reports.model import ReportError
from vedette.sharing import disclose, scan
from vedette.sharing.house import house
from vedette.sharing.judge import accept, items
from vedette.sharing.model import DeliveryState, Kind, Marking, Reading, ShareError
from vedette.sharing.outbox import MOST_ATTEMPTS, Outbox
from vedette.sharing.produce import LEAST_ACCOUNTS, add, produce
from vedette.sharing.proven import examine
from vedette.sharing.receive import take
from vedette.sharing.send import export, publish
from vedette.sharing.store.objects import deliveries, objects, readers_of
from vedette.sharing.watch import CHECK, look
from vedette.sharing.withdraw import recall_object
from vedette.store import Store, Workspace

DPRK, HOME = "175.45.178.9", "24.12.13.14"
CUSTOMERS = (
    {"account_id": "a-1", "kind": "person", "name": "Kim Example", "email": "kim@example.org", "country": "KR"},
    *({"account_id": f"b-{n}", "kind": "person", "name": f"Somebody {n}", "country": "US"} for n in range(4)),
)
AGENT, RARE = "Mozilla/5.0 (X11) Shared/1.0", "Kims-own-browser/1.0"


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, sorted({key for row in rows for key in row}))
        table.writeheader()
        table.writerows(rows)


def signin(number: str, account: str, ip: str, agent: str) -> dict[str, str]:
    return {
        "event_id": number,
        "time": "2026-02-20T10:00:00Z",
        "account_id": account,
        "ip": ip,
        "user_agent": agent,
        "outcome": "success",
        "channel": "console",
    }


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, FixedClock, str]]:
    """A workspace with one case that a person found true."""
    root = tmp_path_factory.mktemp("decided")
    clock = FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    folder = root / "export"
    folder.mkdir()
    write(folder / "accounts.csv", CUSTOMERS)
    rows = [signin("s-1", "a-1", DPRK, AGENT), signin("s-2", "a-1", HOME, RARE)]
    rows += [signin(f"t-{n}", f"b-{n}", "24.12.13.99", AGENT) for n in range(LEAST_ACCOUNTS)]
    write(folder / "signins.csv", rows)
    store = Store(workspace(root / "ws"), catalogue())
    accounts.load(store, JOB, folder, clock=clock)
    events.ingest_tables(store, JOB, folder, clock=clock)
    evidence = (Evidence("event", "s-1"), Evidence("event", "s-2"))
    with audit.writing(store, JOB, "find", clock=clock) as act:
        stop = finding("network/console_from_dprk", account="a-1", evidence=evidence, strength=Strength.STOP)
        own = finding("house/secret_rule", account="a-1", evidence=())
        findings.record(act, [stop, own])
    cases.refresh(store, JOB, clock)
    case = cases.find(store, "a-1")
    cases.decide(
        store,
        ANNA,
        case.case_id,
        Outcome.TRUE,
        Action.NONE,
        "sanctioned_territory",
        "Twice from there.",
        expected_version=case.version,
        clock=clock,
        versions={},
    )
    yield store, clock, case.case_id
    store.close()


def made(store: Store) -> dict[Kind, list[str]]:
    """Values of this house's objects by kind."""
    found: dict[Kind, list[str]] = {}
    with store.database.reading() as connection:
        for own in objects(connection):
            found.setdefault(own.item.kind, []).append(own.item.value)
    return found


class TestProduce:
    def test_infrastructure_and_typologies_leave_and_nothing_of_a_person(
        self, decided: tuple[Store, FixedClock, str]
    ) -> None:
        """The address at home, the rare browser, the house's own rule, names and ids stay."""
        store, clock, case = decided
        own = house(store, "House South")
        told = produce(store, ANNA, own, clock=clock, marking=Marking.AMBER)
        found = made(store)
        assert found == {
            Kind.ADDRESS: [DPRK],
            Kind.USER_AGENT: [AGENT],
            Kind.TYPOLOGY: ["network/console_from_dprk"],
        }
        assert told.left_out == {"checks that are no shipped rule": 1, "user agents of fewer than three accounts": 1}
        for name in scan.formats():
            text = export(store, ANNA, own, name, clock=clock).data.decode()
            for secret in ("Kim", "example.org", "a-1", "b-1", HOME, RARE, case, "secret_rule", "s-1"):
                assert secret not in text, (name, secret)

    def test_a_second_time_nothing_is_new_and_near_the_end_it_is_renewed(
        self, decided: tuple[Store, FixedClock, str]
    ) -> None:
        store, clock, _ = decided
        own = house(store)
        produce(store, ANNA, own, clock=clock, marking=Marking.AMBER)
        assert produce(store, ANNA, own, clock=clock, marking=Marking.AMBER).made == 0
        later = FixedClock(clock.now() + timedelta(days=60))
        assert produce(store, ANNA, own, clock=later, marking=Marking.AMBER).made == 2

    def test_a_decision_that_falls_takes_its_objects_with_it(
        self, decided: tuple[Store, FixedClock, str], tmp_path: Path
    ) -> None:
        """Whoever got them is told to forget them."""
        shared_store, clock, case = decided
        shutil.copytree(shared_store.workspace.root, tmp_path / "ws")
        store = Store(Workspace(tmp_path / "ws"), catalogue())
        produce(store, ANNA, house(store), clock=clock, marking=Marking.AMBER)
        with audit.writing(store, ANNA, "test", clock=clock) as act:
            (decision,) = decisions(store, case)
            keep_decision(act, replace(decision, state=DecisionState.REPLACED))
        assert produce(store, ANNA, house(store), clock=clock, marking=Marking.AMBER).withdrawn == 3
        with store.database.reading() as connection:
            assert all(one.item.recalled for one in objects(connection))
        store.close()

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            (Kind.TOOL, "ann@example.org"),
            (Kind.URL, "https://ann:pw@example.org/"),
            (Kind.ADDRESS, "192.168.0.1"),
            (Kind.RANGE, "8.0.0.0/8"),
            (Kind.DOMAIN, "x"),
            (Kind.FILE_HASH, "zz"),
            (Kind.PATTERN, "[email-addr:value = 'a@b.example']"),
        ],
    )
    def test_by_hand_only_what_is_no_personal_data(
        self, store: Store, clock: FixedClock, kind: Kind, text: str
    ) -> None:
        with pytest.raises(ShareError):
            add(store, ANNA, house(store), [(kind, text)], clock=clock)


class TestRecall:
    def test_it_reaches_whoever_may_have_it_and_names_nobody(self, open_house: Open) -> None:
        store, clock = open_house.store, open_house.clock
        read, token = open_house.peer("reader", url="https://reader.example/taxii2/api/")
        open_house.peer("never-read", url="https://other.example/taxii2/api/")
        by_file, _ = open_house.peer("by-file")
        (item,) = open_house.publish("8.8.1.8")
        open_house.client.get(
            f"{open_house.path}objects/",
            headers={"Accept": "application/taxii+json;version=2.1", "Authorization": f"Bearer {token}"},
        )
        export(store, ANNA, open_house.own, "stix", clock=clock, to=by_file)
        done = recall_object(store, ANNA, item.id[:24], "The address changed hands", clock=clock)
        told = {one.peer: one.state for one in done.deliveries}
        assert told == {"reader": DeliveryState.WAITING, "by-file": DeliveryState.BY_HAND}
        assert done.collections == 1
        with store.database.reading() as connection:
            assert readers_of(connection, item.id) == [read.id]
        data = export(store, ANNA, open_house.own, "stix", clock=clock).data.decode()
        assert '"revoked":true' in data
        assert "The address changed hands" in data
        for name in ("reader", "by-file", "never-read"):
            assert name not in data

    def test_it_needs_a_reason_and_happens_once(self, open_house: Open) -> None:
        (item,) = open_house.publish("8.8.1.8")
        for reason in ("", " ", "two\nlines"):
            with pytest.raises(ShareError):
                recall_object(open_house.store, ANNA, item.id, reason, clock=open_house.clock)
        recall_object(open_house.store, ANNA, item.id, "x", clock=open_house.clock)
        with pytest.raises(ShareError, match="already"):
            recall_object(open_house.store, ANNA, item.id, "x", clock=open_house.clock)
        with pytest.raises(ShareError):
            recall_object(open_house.store, ANNA, "indicator--0000", "x", clock=open_house.clock)

    def test_what_fails_is_tried_again_ever_later_and_ends(self, open_house: Open) -> None:
        store, clock = open_house.store, open_house.clock
        peer, _ = open_house.peer("gone", url="https://gone.example/taxii2/api/")
        (item,) = open_house.publish("8.8.1.8")
        export(store, ANNA, open_house.own, "csv", clock=clock, to=peer)
        recall_object(store, ANNA, item.id, "x", clock=clock)

        def refuse(*_given: Any) -> Any:
            raise ShareError("nobody answers")

        outbox = Outbox(store, clock, refuse)
        for attempt in range(1, MOST_ATTEMPTS + 1):
            assert outbox.round().failed == 1
            assert outbox.round().idle
            clock.advance(timedelta(hours=7))
            with store.database.reading() as connection:
                one = max(deliveries(connection, object_id=item.id), key=lambda each: each.version)
            assert (one.attempts, one.fault) == (attempt, "nobody answers")
        assert one.state is DeliveryState.DEAD
        assert outbox.round().idle


class TestDisclosure:
    GROUND = "us_disclosure_counsel"

    def ask(self, store: Store, clock: FixedClock, case: str, **changes: str) -> Any:
        given = {"to": "bis", "ground": self.GROUND, "reference": "OPINION-17", "home": "us", **changes}
        return disclose.ask(store, ANNA, case, clock=clock, **given)

    def test_two_people_and_a_ground(self, decided: tuple[Store, FixedClock, str]) -> None:
        store, clock, case = decided
        assert any(rule.id == self.GROUND for rules in available("us", clock.now().date()).values() for rule in rules)
        made = self.ask(store, clock, case)
        assert made.state == "waiting"
        with pytest.raises(ShareError, match="second person"):
            disclose.release(store, ANNA, made.id, home="us", clock=clock)
        with pytest.raises(NotAllowed):
            disclose.approve(store, ANNA, made.id, clock=clock)
        assert disclose.approve(store, BERT, made.id, clock=clock).state == "approved"
        after, data = disclose.release(store, ANNA, made.id, home="us", clock=clock)
        content = json.loads(data)
        assert (after.state, content["tier"], content["marking"]) == ("left", "C", "TLP:RED")
        assert content["customers"]["a-1"]["name"] == "Kim Example"
        assert content["ground"]["reference"] == "OPINION-17"
        assert content["case"]["proofs"]

    @pytest.mark.parametrize(
        "changes",
        [{"to": "customer"}, {"to": "north"}, {"ground": ""}, {"ground": "us_ofac_records"}, {"reference": ""}],
    )
    def test_without_an_authority_and_a_ground_nothing_is_even_asked(
        self, decided: tuple[Store, FixedClock, str], changes: dict[str, str]
    ) -> None:
        store, clock, case = decided
        with pytest.raises((ShareError, ReportError)) as caught:
            self.ask(store, clock, case, **changes)
        assert caught.value.remedy

    def test_a_case_that_nobody_found_true_is_not_disclosed(self, decided: tuple[Store, FixedClock, str]) -> None:
        store, clock, _ = decided
        with audit.writing(store, JOB, "find", clock=clock) as act:
            findings.record(act, [finding("network/console_from_dprk", account="b-3", strength=Strength.STOP)])
        cases.refresh(store, JOB, clock)
        with pytest.raises(ShareError, match="no standing decision"):
            self.ask(store, clock, "b-3")

    def test_a_rejected_one_never_leaves(self, decided: tuple[Store, FixedClock, str]) -> None:
        store, clock, case = decided
        clock.advance(timedelta(minutes=1))
        made = self.ask(store, clock, case, reference="OPINION-18")
        disclose.reject(store, BERT, made.id, clock=clock)
        with pytest.raises(ShareError, match="rejected"):
            disclose.release(store, ANNA, made.id, home="us", clock=clock)

    def test_no_disclosure_is_among_the_open_objects(self, decided: tuple[Store, FixedClock, str]) -> None:
        store, clock, _ = decided
        text = export(store, ANNA, house(store), "bundle", clock=clock).data.decode()
        assert "vedette-disclosure" not in text
        assert "TLP:RED" not in text


class TestWatch:
    def test_a_meeting_is_a_weak_finding_and_ends_with_the_item(self, decided: tuple[Store, FixedClock, str]) -> None:
        store, clock, _ = decided
        item = shared(value=HOME, valid_from="2026-02-01T00:00:00.000Z")
        block = shared(Kind.RANGE, value="24.12.13.0/24", valid_from="2026-02-01T00:00:00.000Z")
        old = shared(value="24.12.13.99", valid_from="2026-02-25T00:00:00.000Z", title="later")
        take(store, ANNA, "peer:north", Reading(objects=(item, block, old)), clock=clock)
        assert look(store, JOB, clock=clock).new == 0
        accept(store, ANNA, [one.id for one in items(store, clock=clock)], clock=clock)
        assert look(store, JOB, clock=clock).new == 5
        found = [one.finding for one in findings.standing(store, check=CHECK)]
        assert {one.strength for one in found} == {Strength.WEAK}
        assert {one.subject.id for one in found} == {"a-1", "b-0", "b-1", "b-2"}
        take(store, ANNA, "peer:north", Reading(objects=(replace(block, modified=END, recalled=True),)), clock=clock)
        assert look(store, JOB, clock=clock).withdrawn == 4

    def test_the_daily_run_looks_when_there_is_something_new_to_look_at(
        self, decided: tuple[Store, FixedClock, str]
    ) -> None:
        store, clock, _ = decided
        step = next(one for one in STEPS if one.name == "shared")
        around = Surroundings(store=store, principal=JOB, clock=clock, home="us")
        before = step.inputs(around)
        item = shared(value=HOME, valid_from="2026-02-01T00:00:00.000Z")
        take(store, ANNA, "peer:south", Reading(objects=(item,)), clock=clock)
        assert step.inputs(around) == before
        accept(store, ANNA, [one.id for one in items(store, clock=clock) if one.source == "peer:south"], clock=clock)
        assert step.inputs(around) != before
        assert step.work(around, step.inputs(around))["findings_new"]


class TestBundle:
    def test_it_is_proven_offline_by_signature_and_log(self, open_house: Open, tmp_path: Path) -> None:
        store = open_house.store
        open_house.publish("8.8.1.8")
        file = tmp_path / "south.bundle.json"
        file.write_bytes(export(store, ANNA, open_house.own, "bundle", clock=open_house.clock).data)
        key = base64.b64encode(public_bytes(signing_key(store))).decode()
        told = examine(file, key)
        assert told["signer"] == open_house.own.public
        assert "the proof holds" in told["proof"]
        other = base64.b64encode(bytes(32)).decode()
        with pytest.raises(ShareError, match="does not hold"):
            examine(file, other)

    def test_the_proof_of_other_objects_does_not_do(self, open_house: Open, tmp_path: Path) -> None:
        """Signed anew around other objects with the old proof: the log never let those out."""
        open_house.publish("8.8.1.8")
        data = export(open_house.store, ANNA, open_house.own, "bundle", clock=open_house.clock).data
        proofs = tuple(json.loads(data)["proofs"])
        writer = open_house.own.writer(open_house.clock, proofs)
        file = tmp_path / "b.json"
        file.write_bytes(scan.formats()["bundle"].write([shared()], writer))
        assert examine(file)["proof"].startswith("not examined")
        with pytest.raises(ShareError, match="no proof"):
            examine(file, "AAAA")


class TestPublish:
    def test_only_what_the_marking_allows_enters(self, open_house: Open) -> None:
        store, clock = open_house.store, open_house.clock
        add(store, ANNA, open_house.own, [(Kind.DOMAIN, "a.example")], clock=clock, marking=Marking.AMBER_STRICT)
        count, back = publish(store, ANNA, open_house.collection, clock=clock)
        assert (count, back) == (0, {"marked beyond what was asked": 1})
        add(store, ANNA, open_house.own, [(Kind.DOMAIN, "b.example")], clock=clock, marking=Marking.GREEN)
        assert publish(store, ANNA, open_house.collection, clock=clock)[0] == 1
        assert publish(store, ANNA, open_house.collection, clock=clock)[0] == 0
