"""What comes in: one reason per refused object, the rest kept or all refused; items wait for a person; recalls withdraw."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made import ANNA, JOB
from tests.sharing.conftest import NOW, WRITER, every_kind, shared
from vedette.audit import verify
from vedette.base import FixedClock
from vedette.sharing import admit, scan
from vedette.sharing.formats.stix21.format import of_rows
from vedette.sharing.formats.stix21.words import EXTENSION
from vedette.sharing.formats.stix21.write import as_stix
from vedette.sharing.judge import accept, find, items, reject, total
from vedette.sharing.model import Kind, Reading, Shared, ShareError, State, recall
from vedette.sharing.receive import import_file, take
from vedette.store import Store

SOURCE = "peer:north"
THIRD = "identity--33333333-3333-5333-8333-333333333333"


def bundle(path: Path, *rows: Any) -> Path:
    """A STIX bundle of these rows."""
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--x", "objects": list(rows)}), "utf-8")
    return path


def stix(kind: Kind = Kind.ADDRESS, **changes: Any) -> dict[str, Any]:
    """A STIX object with some properties changed; None takes one away."""
    found = {**as_stix(shared(kind)), **changes}
    return {name: value for name, value in found.items() if value is not None}


def taken(store: Store, clock: FixedClock, *objects: Shared, source: str = SOURCE) -> Any:
    return take(store, ANNA, source, Reading(objects=objects), clock=clock)


def report(number: int, *refs: int) -> dict[str, Any]:
    """A report that refers to others by number."""
    names = tuple(f"report--{ref:08d}-0000-4000-8000-000000000000" for ref in refs)
    item = shared(Kind.REPORT, id=f"report--{number:08d}-0000-4000-8000-000000000000", refs=names)
    return as_stix(item)


HOSTILE = [
    ("unmarked", {"object_marking_refs": None}, "unmarked"),
    ("marked by somebody's own statement", {"object_marking_refs": [f"marking-definition--{'a' * 8}"]}, "unmarked"),
    ("endless", {"valid_until": None, "extensions": {}}, "endless"),
    ("ends before it begins", {"valid_until": "2025-01-01T00:00:00Z"}, "does not lie after"),
    ("no pattern", {"pattern": "8.8.8.8"}, "no STIX pattern"),
    ("another language", {"pattern_type": "snort"}, "another language"),
    ("mail address", {"pattern": "[email-addr:value = 'a@b.example']"}, "personal data"),
    ("mail address deep inside", {"pattern": "[url:value = 'x' OR email-addr:value LIKE '%']"}, "personal data"),
    ("an account", {"pattern": "[user-account:user_id = 'a-1']"}, "personal data"),
    ("everybody", {"pattern": "[ipv4-addr:value ISSUBSET '0.0.0.0/0']"}, "name everybody"),
    ("inside the house", {"pattern": "[ipv4-addr:value = '10.0.0.1']"}, "not one of the public internet"),
    ("this machine", {"pattern": "[ipv6-addr:value = '::1']"}, "not one of the public internet"),
    ("mapped", {"pattern": "[ipv6-addr:value = '::ffff:10.0.0.1']"}, "not one of the public internet"),
    ("nested pattern", {"pattern": "[" + "(" * 50 + "url:value = 'a'" + ")" * 50 + "]"}, "nested too deep"),
    ("endless pattern", {"pattern": "[url:value = '" + "a" * 5_000 + "']"}, "longer than"),
    ("control characters", {"name": "a\x1b[2J"}, "control characters"),
    ("half a character", {"name": "\ud800"}, "control characters"),
    ("endless text", {"description": "a" * 6_000}, "longer than"),
    ("wrong id", {"id": "indicator--1"}, "no STIX id"),
    ("id of another type", {"id": f"report--{'0' * 8}-0000-4000-8000-{'0' * 12}"}, "not of the type"),
    ("no day", {"modified": "2026-02-30T00:00:00Z"}, "no time"),
    ("no zone", {"modified": "2026-02-20T00:00:00"}, "no time"),
    ("modified before created", {"modified": "2026-01-01T00:00:00Z"}, "before created"),
    ("confidence", {"confidence": 101}, "confidence"),
    ("confidence is a truth", {"confidence": True}, "confidence"),
    ("older version", {"spec_version": "2.0"}, "spec_version"),
    ("type", {"type": "threat-actor"}, "not exchanged here"),
    ("type is a list", {"type": ["indicator"]}, "not exchanged here"),
    ("extensions", {"extensions": []}, "no mapping"),
    ("tier", {"extensions": {EXTENSION: {"tier": "C"}}}, "not of the open tier"),
    ("unknown fields", {"extensions": {EXTENSION: {"tier": "A", "nationality": "x"}}}, "unknown fields"),
]


class TestRefusals:
    @pytest.mark.parametrize(("changes", "reason"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
    def test_one_object_is_refused_with_its_reason_and_the_rest_kept(self, changes: Any, reason: str) -> None:
        found = of_rows([stix(**changes), stix(Kind.DOMAIN)])
        assert [item.kind for item in found.objects] == [Kind.DOMAIN]
        assert reason in found.refused[0].reason

    def test_line_ends_of_another_system_are_taken(self) -> None:
        (item,) = of_rows([stix(description="one\r\ntwo")]).objects
        assert item.description == "one\ntwo"

    def test_a_person_is_not_named(self) -> None:
        row = {"type": "identity", "id": WRITER.id, "name": "Ann Example", "identity_class": "individual"}
        found = of_rows([row])
        assert "persons are not named" in found.refused[0].reason
        assert "Ann" not in found.refused[0].reason

    def test_the_same_id_twice(self) -> None:
        found = of_rows([stix(), stix()])
        assert (len(found.objects), found.refused[0].reason) == (1, "the id stands twice with the same version")

    def test_of_two_versions_the_newer_counts(self) -> None:
        newer = stix(modified="2026-03-05T00:00:00.000Z")
        for rows in ([stix(), newer], [newer, stix()]):
            assert [item.modified for item in of_rows(rows).objects] == ["2026-03-05T00:00:00.000Z"]

    def test_circles_of_references_are_refused_and_chains_kept(self) -> None:
        rows = [report(1, 2), report(2, 3), report(3, 1), report(4, 1), report(5, 6), report(6, 9), report(7, 7)]
        found = of_rows(rows)
        assert {item.id[8:16] for item in found.objects} == {"00000004", "00000005", "00000006"}
        assert {row.object[8:16] for row in found.refused} == {"00000001", "00000002", "00000003", "00000007"}

    def test_a_long_chain_is_no_burden(self) -> None:
        found = of_rows([report(number, number + 1) for number in range(5_000)])
        assert (len(found.objects), found.refused) == (5_000, ())

    @settings(max_examples=60, deadline=None)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
            max_leaves=15,
        ),
        st.sampled_from(sorted(as_stix(shared()))),
    )
    def test_whatever_stands_in_a_property_nothing_breaks(self, value: Any, name: str) -> None:
        found = of_rows([{**as_stix(shared()), name: value}, value])
        assert len(found.objects) + len(found.refused) + found.context >= 1

    @settings(max_examples=60, deadline=None)
    @given(st.text(max_size=60))
    def test_any_text_as_a_pattern_is_read_or_refused(self, text: str) -> None:
        found = of_rows([stix(pattern=text), stix(pattern=f"[url:value = '{text}']")])
        assert len(found.objects) + len(found.refused) >= 1


class TestImport:
    def test_every_format_is_detected_and_counted(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        for name, format_ in scan.formats().items():
            file = tmp_path / f"in.{name}"
            kept = [item for item in every_kind() if item.kind in format_.KINDS]
            file.write_bytes(format_.write(kept, WRITER))
            told = import_file(store, ANNA, file, clock=clock)
            assert (told.format, told.problem) == (name, "")
            assert told.read == told.stored + told.duplicates + told.recalled + len(told.refused) == len(kept)

    def test_the_expired_is_refused(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        file = bundle(tmp_path / "a.json", stix(valid_from="2026-01-01T00:00:00Z", valid_until="2026-02-01T00:00:00Z"))
        told = import_file(store, ANNA, file, clock=clock)
        assert (told.stored, told.refused[0].reason) == (0, "expired: its validity has ended")

    def test_all_or_nothing(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        file = bundle(tmp_path / "a.json", stix(), stix(Kind.DOMAIN, object_marking_refs=None))
        told = import_file(store, ANNA, file, clock=clock, all_or_nothing=True)
        assert (told.stored, len(told.refused), told.read) == (0, 2, 2)
        assert items(store, clock=clock, wanted=None) == []
        assert import_file(store, ANNA, file, clock=clock).stored == 1

    def test_a_signature_that_is_wrong_refuses_the_file(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        data = scan.formats()["bundle"].write([shared()], WRITER)
        for n, altered in enumerate(
            (data.replace(b"8.8.8.8", b"8.8.8.9"), data.replace(b'"v":1', b'"v":2'), data[:-30])
        ):
            file = tmp_path / f"{n}.json"
            file.write_bytes(altered)
            told = import_file(store, ANNA, file, clock=clock)
            assert told.problem
            assert told.stored == 0

    def test_another_key_than_the_peer_s(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        peer, _ = admit.add(store, ANNA, "north", clock=clock, public_key="ab" * 32)
        file = tmp_path / "b.json"
        file.write_bytes(scan.formats()["bundle"].write([shared()], WRITER))
        assert "another key" in import_file(store, ANNA, file, clock=clock, peer=peer).problem

    def test_a_revoked_peer_sends_nothing(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        admit.add(store, ANNA, "north", clock=clock)
        peer = admit.revoke(store, ANNA, "north", clock=clock)
        file = bundle(tmp_path / "a.json", stix())
        assert "revoked" in import_file(store, ANNA, file, clock=clock, peer=peer).problem

    @pytest.mark.parametrize("data", [b"", b"hello", b"[" * 10_000, b'{"type":"bundle","objects":7}'])
    def test_what_is_no_file_of_ours_is_refused(
        self, store: Store, clock: FixedClock, tmp_path: Path, data: bytes
    ) -> None:
        (tmp_path / "a").write_bytes(data)
        told = import_file(store, ANNA, tmp_path / "a", clock=clock)
        assert told.problem
        assert told.remedy
        assert import_file(store, ANNA, tmp_path / "none", clock=clock).problem


class TestUnsignedFiles:
    """Nobody answers for an unsigned file: it changes nothing that stands."""

    @pytest.fixture
    def accepted(self, store: Store, clock: FixedClock, tmp_path: Path) -> str:
        """An item out of an unsigned file that a person accepted."""
        import_file(store, ANNA, bundle(tmp_path / "first.json", stix()), clock=clock)
        (item,) = items(store, clock=clock)
        assert item.source.startswith("file:")
        return accept(store, ANNA, [item.id], clock=clock)[0].id

    def test_a_recall_is_told_and_not_acted_on(
        self, store: Store, clock: FixedClock, tmp_path: Path, accepted: str
    ) -> None:
        gone = as_stix(recall(shared(), "not true", "2026-03-01T13:00:00.000Z"))
        told = import_file(store, ANNA, bundle(tmp_path / "recall.json", gone, stix(Kind.DOMAIN)), clock=clock)
        assert (told.read, told.stored, told.recalled, told.unsigned_recalls) == (2, 1, 0, 1)
        assert "unsigned" in told.refused[0].reason
        assert find(store, accepted).state is State.ACCEPTED

    def test_a_newer_version_is_an_item_of_its_own(
        self, store: Store, clock: FixedClock, tmp_path: Path, accepted: str
    ) -> None:
        newer = stix(modified="2026-03-05T00:00:00.000Z", created_by_ref=THIRD)
        assert import_file(store, ANNA, bundle(tmp_path / "newer.json", newer), clock=clock).stored == 1
        (waiting,) = items(store, clock=clock)
        assert (waiting.id == accepted, find(store, accepted).state) == (False, State.ACCEPTED)

    def test_the_same_file_again_is_duplicates(
        self, store: Store, clock: FixedClock, tmp_path: Path, accepted: str
    ) -> None:
        told = import_file(store, ANNA, tmp_path / "first.json", clock=clock)
        assert (told.stored, told.duplicates) == (0, 1)

    def test_by_name_of_a_peer_or_signed_recalls_count(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        peer, _ = admit.add(store, ANNA, "north", clock=clock)
        gone = recall(shared(), "not true", "2026-03-01T13:00:00.000Z")
        first, last = bundle(tmp_path / "a.json", stix()), bundle(tmp_path / "b.json", as_stix(gone))
        assert [import_file(store, ANNA, one, clock=clock, peer=peer).recalled for one in (first, last)] == [0, 1]
        for name, item in (("c", shared()), ("d", gone)):
            (tmp_path / name).write_bytes(scan.formats()["bundle"].write([item], WRITER))
        assert [import_file(store, ANNA, tmp_path / name, clock=clock).recalled for name in "cd"] == [0, 1]


class TestOrigin:
    def test_another_origin_under_the_same_id_is_no_update(self, store: Store, clock: FixedClock) -> None:
        taken(store, clock, shared())
        (item,) = items(store, clock=clock)
        accept(store, ANNA, [item.id], clock=clock)
        newer = shared(id=shared().id, modified="2026-03-05T00:00:00.000Z", origin_id=THIRD)
        for version in (newer, recall(newer, "gone", "2026-03-06T00:00:00.000Z")):
            told = taken(store, clock, version)
            assert (told.read, told.stored, told.recalled, len(told.refused)) == (1, 0, 0, 1)
            assert "another origin" in told.refused[0].reason
            assert find(store, item.id).state is State.ACCEPTED


class TestJudging:
    def test_nothing_acts_until_a_person_says_so(self, store: Store, clock: FixedClock) -> None:
        taken(store, clock, shared())
        (item,) = items(store, clock=clock)
        assert item.state is State.WAITING
        with pytest.raises(ShareError, match="only a person"):
            accept(store, JOB, [item.id], clock=clock)
        (after,) = accept(store, ANNA, [item.id[:10]], clock=clock, reason="seen here, too")
        assert (after.state, after.decided_by, after.reason) == (State.ACCEPTED, "person:anna", "seen here, too")
        assert verify(store).holds

    def test_what_is_accepted_ends_by_itself(self, store: Store, clock: FixedClock) -> None:
        taken(store, clock, shared(valid_until="2026-03-02T00:00:00.000Z"))
        (item,) = items(store, clock=clock)
        (after,) = accept(store, ANNA, [item.id], clock=clock)
        assert after.state_at("2026-03-02T00:00:00.000Z") is State.EXPIRED

    def test_states_are_those_that_hold_now_and_no_more_is_read_than_asked(
        self, store: Store, clock: FixedClock
    ) -> None:
        short = [shared(title=f"s{n}", valid_until="2026-03-02T00:00:00.000Z") for n in range(3)]
        taken(store, clock, *short, shared(title="long"))
        assert len(items(store, clock=clock, limit=2)) == 2
        assert total(store, State.WAITING, clock=clock) == 4
        clock.advance(timedelta(days=2))
        assert [one.item.title for one in items(store, clock=clock)] == ["long"]
        assert {one.item.title for one in items(store, clock=clock, wanted=State.EXPIRED)} == {"s0", "s1", "s2"}
        assert len(items(store, clock=clock, wanted=None)) == 4

    def test_a_rejection_needs_its_reason(self, store: Store, clock: FixedClock) -> None:
        taken(store, clock, shared())
        (item,) = items(store, clock=clock)
        for reason in ("", "  ", "two\nlines", "a" * 301):
            with pytest.raises(ShareError):
                reject(store, ANNA, [item.id], clock=clock, reason=reason)
        assert reject(store, ANNA, [item.id], clock=clock, reason="a shared relay")[0].state is State.REJECTED
        with pytest.raises(ShareError, match="already rejected"):
            accept(store, ANNA, [item.id], clock=clock)

    def test_a_recall_of_its_source_withdraws_and_of_another_does_not(self, store: Store, clock: FixedClock) -> None:
        taken(store, clock, shared())
        (item,) = items(store, clock=clock)
        accept(store, ANNA, [item.id], clock=clock)
        gone = recall(shared(), "an error", "2026-03-01T13:00:00.000Z")
        taken(store, clock, gone, source="peer:other")
        assert find(store, item.id).state is State.ACCEPTED
        assert taken(store, clock, gone).recalled == 1
        assert (find(store, item.id).state, find(store, item.id).reason) == (State.RECALLED, "an error")

    def test_an_original_that_comes_late_stays_withdrawn(self, store: Store, clock: FixedClock) -> None:
        taken(store, clock, recall(shared(), "an error", "2026-03-01T13:00:00.000Z"))
        told = taken(store, clock, shared())
        assert (told.stored, told.duplicates) == (0, 1)
        assert items(store, clock=clock) == []

    def test_a_new_version_of_what_was_judged_waits_again(self, store: Store, clock: FixedClock) -> None:
        taken(store, clock, shared())
        (item,) = items(store, clock=clock)
        reject(store, ANNA, [item.id], clock=clock, reason="no")
        assert taken(store, clock, shared()).duplicates == 1
        assert taken(store, clock, shared(id=shared().id, modified="2026-03-01T12:00:01.000Z")).stored == 1
        assert [one.id for one in items(store, clock=clock)] == [item.id]

    def test_sources_that_were_right_come_first(self, store: Store, clock: FixedClock) -> None:
        for source, good in (("peer:bad", False), ("peer:good", True)):
            taken(store, clock, *(shared(title=f"{n}") for n in range(4)), source=source)
            for one in [one for one in items(store, clock=clock) if one.source == source][:3]:
                if good:
                    accept(store, ANNA, [one.id], clock=clock)
                else:
                    reject(store, ANNA, [one.id], clock=clock, reason="no")
        taken(store, clock, shared(title="x"), source="peer:new")
        assert items(store, clock=clock)[0].source == "peer:good"

    def test_the_words_of_an_item_are_its_source_s(self, store: Store, clock: FixedClock) -> None:
        taken(store, clock, shared())
        (item,) = items(store, clock=clock)
        row = item.as_json(NOW)
        assert (row["source"], row["kind"], row["value"], row["basis"]) == (
            SOURCE,
            "address",
            "8.8.8.8",
            "confirmed_case",
        )
