"""Content is read strictly: every fault names file, line and key; nothing misspelt just does nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.base import ContentError, Place, Record, plain, read_record, unique

TEXT = """\
# a comment
name: x
count: 3
share: 0.5
on: true
day: 2026-01-31
words: [a, "7"]
part:
  inner: 1
parts:
  - {inner: 1}
  - inner: 2
free: {deep: [1, {er: 2}]}
"""


def record(text: str = TEXT) -> Record:
    return read_record(text, "r.yml")


class TestTake:
    def test_every_kind(self) -> None:
        item = record()

        assert item.take_text("name") == "x"
        assert item.take_int("count") == 3
        assert item.take_number("share") == 0.5
        assert item.take_bool("on") is True
        assert str(item.take_day("day")) == "2026-01-31"
        assert item.take_texts("words") == ("a", "7")
        assert item.take_record("part").take_int("inner") == 1
        assert [part.take_int("inner") for part in item.take_records("parts")] == [1, 2]
        assert item.take_plain("free") == {"deep": [1, {"er": 2}]}
        item.finish()

    def test_defaults_where_a_key_is_absent(self) -> None:
        item = record("name: x\n")

        assert item.take_text("other", "d") == "d"
        assert item.take_int("n", 4) == 4
        assert item.take_number("m", 1.5) == 1.5
        assert item.take_bool("b", False) is False
        assert item.take_day("day", optional=True) is None
        assert item.take_texts("ws", optional=True) == ()
        assert item.take_records("rs", optional=True) == ()
        assert item.take_plain("p", optional=True) is None
        assert item.take_choice("c", ("u", "v"), "u") == "u"

    @pytest.mark.parametrize(
        ("take", "line"),
        [
            (lambda r: r.take_text("count"), 3),
            (lambda r: r.take_text("day"), 6),
            (lambda r: r.take_int("share"), 4),
            (lambda r: r.take_int("on"), 5),
            (lambda r: r.take_number("on"), 5),
            (lambda r: r.take_number("name"), 2),
            (lambda r: r.take_bool("count"), 3),
            (lambda r: r.take_day("name"), 2),
            (lambda r: r.take_texts("name"), 2),
            (lambda r: r.take_texts("parts"), 10),
            (lambda r: r.take_record("name"), 2),
            (lambda r: r.take_record("parts"), 10),
            (lambda r: r.take_records("part"), 8),
            (lambda r: r.take_records("words"), 7),
            (lambda r: r.take_choice("name", ("y", "z")), 2),
            (lambda r: r.take_text("missing"), 2),
            (lambda r: r.take_day("missing"), 2),
            (lambda r: r.take_plain("missing"), 2),
        ],
    )
    def test_the_wrong_kind_is_refused_with_its_line(self, take: Callable[[Record], Any], line: int) -> None:
        with pytest.raises(ContentError) as fault:
            take(record())

        assert (fault.value.place.file, fault.value.place.line) == ("r.yml", line)
        assert fault.value.place.field

    @pytest.mark.parametrize("text", ["name: ''\n", "name: '  '\n"])
    def test_an_empty_text_is_refused(self, text: str) -> None:
        with pytest.raises(ContentError, match="is empty"):
            record(text).take_text("name")

    def test_an_empty_list_is_refused_unless_optional(self) -> None:
        with pytest.raises(ContentError, match="at least one"):
            record("words: []\n").take_texts("words")
        assert record("words: []\n").take_texts("words", optional=True) == ()

    def test_a_choice_lists_its_words(self) -> None:
        with pytest.raises(ContentError, match="One of: low, high|One of: high, low"):
            record("c: middle\n").take_choice("c", ("low", "high"))

    def test_no_number_hides_in_a_float(self) -> None:
        with pytest.raises(ContentError):
            record("n: 1.0\n").take_int("n")


class TestFinish:
    def test_leftovers_are_refused_with_the_known_keys(self) -> None:
        item = record("name: x\n\nnmae: y\n")
        item.take_text("name")

        with pytest.raises(ContentError, match="unknown key 'nmae'. Known keys: name") as fault:
            item.finish()

        assert fault.value.place == Place("r.yml", 3, "nmae")

    def test_nested_records_refuse_theirs(self) -> None:
        part = record("part:\n  inner: 1\n  odd: 2\n").take_record("part")
        part.take_int("inner")

        with pytest.raises(ContentError, match="odd") as fault:
            part.finish()
        assert fault.value.place.line == 3


class TestReadRecord:
    @pytest.mark.parametrize(
        ("text", "problem", "line"),
        [
            ("", "must be a mapping", 1),
            ("- a\n- b\n", "must be a mapping", 1),
            ("just text\n", "must be a mapping", 1),
            ("a: 1\na: 2\n", "stands twice", 2),
            ("a:\n  b: 1\n  b: 2\n", "stands twice", 3),
            ("a: [1, 2\nb: 3\n", "cannot be read as YAML", 2),
            ("a: &x [1]\nb: *x\n", "aliases are not allowed", 2),
            ("[a, b]: 1\n", "must be a mapping|keys must be texts", 1),
            ("? {a: 1}\n: 2\n", "keys must be texts", 1),
            ("a: 1\nb: !!python/object/apply:os.system ['true']\n", "is not allowed", 2),
            ("a: !!binary aGk=\n", "is not allowed", 1),
            ("a: !!set {x, y}\n", "is not allowed", 1),
            ("a: 2026-02-31\n", "cannot be read", 1),
            ("a: \x00\n", "cannot be read as YAML", None),
        ],
    )
    def test_faults(self, text: str, problem: str, line: int | None) -> None:
        with pytest.raises(ContentError, match=problem) as fault:
            read_record(text, "r.yml")

        assert fault.value.place.file == "r.yml"
        assert line is None or fault.value.place.line == line

    def test_aliases_cannot_expand_a_small_file(self) -> None:
        bomb = "a: &a [x, x]\n" + "".join(
            f"{name}: &{name} [*{before}, *{before}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
        )

        with pytest.raises(ContentError, match="aliases"):
            read_record(bomb, "r.yml")

    @given(st.text(max_size=80))
    def test_any_text_is_read_or_refused_with_its_file(self, text: str) -> None:
        try:
            found = read_record(text, "r.yml")
        except ContentError as fault:
            assert fault.place.file == "r.yml"
        else:
            assert isinstance(plain(found), dict)

    def test_deep_nesting_is_refused(self) -> None:
        with pytest.raises(ContentError, match="too deeply"):
            read_record("a: " + "[" * 5_000 + "]" * 5_000, "r.yml")


class TestUnique:
    def test_the_second_bearer_is_refused_with_both_places(self) -> None:
        with pytest.raises(ContentError, match=r"b\.yml:2.*already taken by a\.yml:1"):
            unique([("x", Place("a.yml", 1)), ("y", Place("a.yml", 2)), ("x", Place("b.yml", 2))], "rule")

    def test_others_pass(self) -> None:
        unique([("x", Place("a.yml")), ("y", Place("b.yml"))], "rule")
