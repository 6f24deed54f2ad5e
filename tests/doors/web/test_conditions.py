"""Conditions of a request: its key, the version it has seen, since when it asks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from starlette.requests import Request

from vedette.doors.web.conditions import etag, idempotency_key, moment, require_match, unchanged
from vedette.doors.web.problem import Problem

TAG = etag("case", "7")


def request(*headers: tuple[str, str]) -> Request:
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw})


class TestIdempotencyKey:
    def test_none_sent(self) -> None:
        assert idempotency_key(request()) is None

    @pytest.mark.parametrize("text", ["a", "6f1c0c4e-0d0b-4f0e-9a53-0f6e2b1f5d11", "x" * 200])
    def test_a_key(self, text: str) -> None:
        assert idempotency_key(request(("Idempotency-Key", text))) == text

    @pytest.mark.parametrize("text", ["", "a b", "x" * 201, "ä", "a\x00"])
    def test_no_key(self, text: str) -> None:
        with pytest.raises(Problem) as told:
            idempotency_key(request(("Idempotency-Key", text)))
        assert told.value.status == 400

    def test_two_keys_are_none(self) -> None:
        with pytest.raises(Problem):
            idempotency_key(request(("Idempotency-Key", "a"), ("Idempotency-Key", "b")))


class TestEntityTags:
    def test_it_depends_on_every_part(self) -> None:
        assert len({etag("a", "b"), etag("ab"), etag("b", "a"), etag("a")}) == 4

    @pytest.mark.parametrize("header", [TAG, f"W/{TAG}", f'"x", {TAG}', "*"])
    def test_what_the_caller_has_is_not_sent_again(self, header: str) -> None:
        answer = unchanged(request(("If-None-Match", header)), TAG)
        assert answer is not None
        assert answer.status_code == 304
        assert answer.headers["etag"] == TAG

    @pytest.mark.parametrize("headers", [(), (("If-None-Match", '"other"'),)])
    def test_anything_else_is(self, headers: tuple[tuple[str, str], ...]) -> None:
        assert unchanged(request(*headers), TAG) is None

    @pytest.mark.parametrize("header", [TAG, f'"x", {TAG}', "*"])
    def test_a_change_of_what_was_seen(self, header: str) -> None:
        require_match(request(("If-Match", header)), TAG)

    @pytest.mark.parametrize("header", ['"other"', f"W/{TAG}", ""])
    def test_a_change_of_what_is_no_longer_so(self, header: str) -> None:
        """A decision on an outdated page must not be taken."""
        with pytest.raises(Problem) as told:
            require_match(request(("If-Match", header)), TAG)
        assert told.value.status == 412
        assert told.value.headers == {"ETag": TAG}

    def test_a_change_that_says_nothing(self) -> None:
        with pytest.raises(Problem) as told:
            require_match(request(), TAG)
        assert told.value.status == 428


class TestMoment:
    def test_times(self) -> None:
        assert moment(None, "since") is None
        assert moment("2026-01-31T09:00:00+09:00", "since") == datetime(2026, 1, 31, tzinfo=UTC)

    @pytest.mark.parametrize(
        "text", ["", "yesterday", "2026-01-31", "2026-01-31T09:00:00", "9999-12-31T23:59:59-23:00"]
    )
    def test_no_time(self, text: str) -> None:
        with pytest.raises(Problem) as told:
            moment(text, "since")
        assert told.value.status == 422
        assert told.value.extra == {"field": "since"}
