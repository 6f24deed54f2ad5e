"""The parts of a blind match: normal forms, purposes, agreements, sets of tags, signed messages, files of queries."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.base import ContentError, canonical_json
from vedette.sharing.blind import compute, tagset, voprf, wire
from vedette.sharing.blind.group import (
    GroupError,
    Join,
    Secrets,
    check_epoch,
    check_join,
    join,
    open_epoch,
    read_epoch,
    read_join,
)
from vedette.sharing.blind.identifiers import KINDS, NEVER, IdentifierRefused, normal
from vedette.sharing.blind.lines import UnreadableFile, read
from vedette.sharing.blind.purposes import UnknownPurpose, purpose, read_table, table

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PURPOSE = "adverse-decision"


def secrets(number: int) -> Secrets:
    return Secrets(*(bytes([number, part]) * 16 for part in (1, 2, 3)))


def joined(number: int, **changes: str) -> Join:
    values = {"name": f"h{number}", "url": f"https://h{number}.example", "purpose_id": PURPOSE, "label": "l", **changes}
    return join(secrets(number), **values)


class TestIdentifiers:
    @pytest.mark.parametrize(
        ("kind", "one", "other", "country"),
        [
            ("email", "Kim.Example+news@Gmail.com", "kimexample@googlemail.com", ""),
            ("email", "a.b@example.org", "A.B@EXAMPLE.ORG", ""),
            ("phone", "+1 (202) 555-0100", "0012025550100", "DE"),
            ("phone", "+44 20 7946 0000", "020 7946 0000", "GB"),
            ("wallet", "0x52908400098527886E0F7030069857D2E4169EE7", "0x52908400098527886e0f7030069857d2e4169ee7", ""),
            ("device", "ABCDEF0123456789", "abcdef0123456789", ""),
            ("registration", "GB:0123 4567", "0123-4567", "gb"),
        ],
    )
    def test_spellings_of_one_thing_are_equal(self, kind: str, one: str, other: str, country: str) -> None:
        assert normal(kind, one, country) == normal(kind, other, country)

    @pytest.mark.parametrize(
        ("kind", "one", "other"),
        [
            ("phone", "+1 850 555 0100", "+850 555 0100"),
            ("registration", "GB:01234567", "SG:01234567"),
            ("email", "a@example.org", "a@example.com"),
            ("wallet", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "1boatslrhtknngkdxeeobr76b53lettpyt"),
        ],
    )
    def test_different_things_stay_different(self, kind: str, one: str, other: str) -> None:
        assert normal(kind, one) != normal(kind, other)

    @pytest.mark.parametrize("kind", sorted(NEVER))
    def test_names_and_birth_dates_are_refused_whatever_they_say(self, kind: str) -> None:
        with pytest.raises(IdentifierRefused, match="never"):
            normal(kind, "Kim Example 1980-01-01")

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            ("email", "kim"),
            ("phone", "555 9999"),
            ("wallet", "abc"),
            ("device", "x y z 1 2 3 4 5"),
            ("registration", "76543210"),
            ("email", "a" * 5_000 + "@example.org"),
            ("shoe", "42"),
        ],
    )
    def test_what_has_no_normal_form_is_refused_without_repeating_it(self, kind: str, value: str) -> None:
        with pytest.raises(IdentifierRefused) as caught:
            normal(kind, value)
        assert value not in str(caught.value)

    @settings(max_examples=40, deadline=None)
    @given(kind=st.sampled_from(KINDS), value=st.text(max_size=60), country=st.sampled_from(["", "US", "GB", "zz"]))
    def test_a_normal_form_is_normal(self, kind: str, value: str, country: str) -> None:
        try:
            found = normal(kind, value, country)
        except IdentifierRefused:
            return
        assert normal(kind, found, country) == found


class TestPurposes:
    def test_what_ships_names_no_kind_that_finds_persons_by_name(self) -> None:
        assert all(set(item.kinds) <= set(KINDS) for item in table().purposes.values())
        assert all(item.valid_days <= 366 and item.citation for item in table().purposes.values())

    def test_unknown_ones_are_refused(self) -> None:
        with pytest.raises(UnknownPurpose):
            purpose("curiosity")

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("least_participants: 5", "least_participants: 4"),
            ("kinds: [device, wallet]", "kinds: [name]"),
            ("quota:", "qouta:"),
            ("actions: [restrict,", "actionz: [restrict,"),
            ("id: false-identity", "id: adverse-decision"),
        ],
    )
    def test_a_table_that_would_loosen_or_misspell_is_refused(self, before: str, after: str) -> None:
        from importlib.resources import files

        text = (files("vedette.sharing.blind") / "purposes.yml").read_text("utf-8")
        assert before in text
        with pytest.raises((ContentError, ValueError)):
            read_table(text.replace(before, after), "x.yml")


class TestGroup:
    def test_what_is_written_is_read_again(self) -> None:
        made = open_epoch([joined(2), joined(1)], relay="h1", opens=NOW, days=30, pairwise=True)
        assert read_epoch(json.dumps(made.as_json()).encode()) == made
        stated = joined(1)
        assert read_join(json.dumps(stated.as_json()).encode()) == stated
        assert [item.name for item in made.members] == ["h1", "h2"]

    def test_the_id_is_everybodys_and_changes_with_any_term(self) -> None:
        joins = [joined(1), joined(2)]
        made = open_epoch(joins, relay="h1", opens=NOW, days=30, pairwise=True)
        assert made.id == open_epoch(joins[::-1], relay="h1", opens=NOW, days=30, pairwise=True).id
        assert len({made.id, replace(made, quota=1).id, replace(made, relay="h2").id}) == 3

    def test_fewer_than_five_only_by_agreement(self) -> None:
        with pytest.raises(GroupError, match="--pairwise"):
            open_epoch([joined(n) for n in range(4)], relay="h1", opens=NOW, days=30)
        assert not open_epoch([joined(n) for n in range(5)], relay="h1", opens=NOW, days=30).pairwise

    def test_a_key_computed_from_the_others_keys_cannot_join(self) -> None:
        """A rogue member would cancel the others' shares; it cannot prove that it holds what it states."""
        honest, rogue = joined(1), joined(2)
        with pytest.raises(GroupError, match="signature"):
            check_join(replace(rogue, share_key=honest.share_key))
        forged = replace(rogue, share_key=honest.share_key, signature="")
        resigned = replace(
            forged,
            signature=secrets(2).sign(b"vedette-blind-join\n" + canonical_json(forged.body())).hex(),
        )
        with pytest.raises(GroupError, match="does not prove"):
            check_join(resigned)

    @pytest.mark.parametrize(
        "change",
        [
            {"relay": "h9"},
            {"quota": 0},
            {"batch": 1_001},
            {"round_minutes": -1},
            {"closes": "2026-12-01T00:00:00Z"},
            {"closes": "2026-02-01T00:00:00Z"},
        ],
    )
    def test_terms_outside_the_limits_are_refused(self, change: dict[str, object]) -> None:
        made = open_epoch([joined(n) for n in range(5)], relay="h1", opens=NOW, days=30)
        with pytest.raises(GroupError):
            check_epoch(replace(made, **change))  # type: ignore[arg-type]  # mixed values

    def test_members_of_another_epoch_doubled_members_and_no_rounds_are_refused(self) -> None:
        for joins in ([joined(1), joined(2, label="m")], [joined(1), joined(1)], [joined(1)]):
            with pytest.raises(GroupError):
                open_epoch(joins, relay="h1", opens=NOW, days=30, pairwise=True)
        with pytest.raises(GroupError, match="rounds"):
            open_epoch([joined(n) for n in range(5)], relay="h1", opens=NOW, days=30, round_minutes=0)

    @pytest.mark.parametrize("url", ["http://h1.example", "ftp://h1.example", "", "https://h1.example\n", "x" * 300])
    def test_addresses_that_are_not_encrypted_or_not_printable_are_refused(self, url: str) -> None:
        with pytest.raises(GroupError):
            check_join(joined(1, url=url))

    @pytest.mark.parametrize(
        "data",
        [b"", b"[]", b"{}", b"{", b"[" * 100_000, b'{"members": 1}', b'{"members": [1]}', b"\xff", b"1" * 1_000_001],
    )
    def test_hostile_files_are_refused(self, data: bytes) -> None:
        for reader in (read_join, read_epoch):
            with pytest.raises(GroupError):
                reader(data)

    def test_rounds_count_from_the_opening(self) -> None:
        made = open_epoch([joined(n) for n in range(5)], relay="h1", opens=NOW, days=30)
        assert [made.round_at(NOW + timedelta(minutes=n)) for n in (0, 1_439, 1_440)] == [0, 0, 1]
        assert (made.open_at(NOW), made.open_at(NOW + timedelta(days=30))) == (True, False)


class _Member:
    """A member that answers with its key."""

    def __init__(self, number: int) -> None:
        self.pair = secrets(number).share(PURPOSE, "l", f"h{number}")
        self.name, self.share_key = f"h{number}", self.pair.public

    def evaluate(self, elements: object) -> tuple[tuple[bytes, ...], bytes]:
        return voprf.blind_evaluate(self.pair, elements)  # type: ignore[arg-type]  # what the protocol sends


class TestCompute:
    def test_every_member_gets_the_same_tags_whoever_asks_and_in_any_batches(self) -> None:
        members = [_Member(n) for n in range(3)]
        messages = [compute.message(PURPOSE, "e", "email", f"{n}@x.org") for n in range(7)]
        found = compute.tags_of(messages, members, batch=3)
        assert found == compute.tags_of(messages, members[::-1], batch=7)
        assert len({*found}) == 7 and {len(tag) for tag in found} == {tagset.SIZE}

    def test_alone_the_direct_way_gives_the_same(self) -> None:
        member, messages = _Member(1), [b"a", b"b"]
        assert compute.tags_of(messages, [member]) == compute.direct_tags(member.pair.secret, messages)


class TestTagset:
    @settings(max_examples=25, deadline=None)
    @given(st.sets(st.binary(min_size=16, max_size=16), max_size=400))
    def test_padding_keeps_what_is_real_and_shows_no_count(self, real: set[bytes]) -> None:
        data = tagset.padded(real, b"k" * 32, "c")
        size = len(data) // tagset.SIZE
        assert size >= 256 and size & (size - 1) == 0
        assert all(tagset.contains(data, tag) for tag in real)
        assert not tagset.contains(data, b"absent-absent-ab") or b"absent-absent-ab" in real

    def test_two_states_differ_in_what_is_real_only(self) -> None:
        one, other = ({*map(bytes, ([n] * 16 for n in range(size)))} for size in (9, 10))
        before, after = (set(tagset.split(tagset.padded(tags, b"k" * 32, "c"))) for tags in (one, other))
        assert len(before ^ after) == 2

    @pytest.mark.parametrize("text", [None, 7, "?", "AAAA", "A" * 10_000, ["AAAA"]])
    def test_what_is_no_set_is_refused(self, text: object) -> None:
        with pytest.raises(tagset.TagsError):
            tagset.decoded(text, 10)

    def test_sealed_sets_open_only_with_their_key_in_their_place(self) -> None:
        sealed = tagset.sealed(b"t" * 16, b"k" * 32, "here")
        assert tagset.opened(sealed, b"k" * 32, "here") == b"t" * 16
        for key, context, data in (
            (b"x" * 32, "here", sealed),
            (b"k" * 32, "there", sealed),
            (b"k" * 32, "here", b"x"),
        ):
            with pytest.raises(tagset.TagsError):
                tagset.opened(data, key, context)


class TestWire:
    def message(self) -> wire.Message:
        return wire.write(secrets(1), kind="tags", epoch="e", sender="h1", body={"purpose": "p"}, now=NOW)

    def test_signed_sent_and_read(self) -> None:
        made = self.message()
        assert wire.decode(made.encoded()) == made
        assert made.authentic(secrets(1).signing_key.hex()) and not made.authentic(secrets(2).signing_key.hex())
        assert made.fresh(NOW + timedelta(seconds=299), 300) and not made.fresh(NOW - timedelta(seconds=301), 300)

    @pytest.mark.parametrize(
        "change",
        [
            {"body": []},
            {"made_at": "today"},
            {"made_at": "2026-03-01"},
            {"request_id": "1"},
            {"kind": 7},
            {"kind": "x" * 300},
        ],
    )
    def test_malformed_fields_are_refused(self, change: dict[str, object]) -> None:
        value = {**json.loads(self.message().encoded()), **change}
        with pytest.raises(wire.BadMessage):
            wire.read(value)

    @settings(max_examples=60, deadline=None)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
        )
    )
    def test_anything_else_is_refused_and_never_crashes(self, value: object) -> None:
        with pytest.raises(wire.BadMessage):
            wire.decode(json.dumps(value).encode())


class TestLines:
    def write(self, folder: Path, data: bytes) -> Path:
        (folder / "q").write_bytes(data)
        return folder / "q"

    def test_csv_and_json_lines_stay_in_step_with_their_lines(self, tmp_path: Path) -> None:
        table = read(self.write(tmp_path, b"\xef\xbb\xbfType,Value,country,ref\nemail,a@b.cd,,r1\n,,,\nphone,1,US,\n"))
        assert [(item.kind, item.value, item.country, item.ref) for item in table] == [
            ("email", "a@b.cd", "", "r1"),
            ("", "", "", ""),
            ("phone", "1", "US", ""),
        ]
        lines = read(self.write(tmp_path, b'{"kind":"EMAIL","value":"a@b.cd"}\n{broken\n{"kind":1,"value":[]}\n'))
        assert [item.kind for item in lines] == ["email", "", ""]

    @pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\xff\xfe", b"kind\nx\n"])
    def test_files_without_the_columns_or_not_in_utf_8_are_refused_whole(self, tmp_path: Path, data: bytes) -> None:
        with pytest.raises(UnreadableFile):
            read(self.write(tmp_path, data))
        with pytest.raises(UnreadableFile):
            read(tmp_path / "absent")
