"""The service's log: JSON lines without secrets or personal data, whatever a caller sends."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter

from tests.doors.access.people import PASSWORD
from tests.server.conftest import Served
from vedette.server.logs import formatter, log_to, mask, masked

_NAMES = ("vedette.access", "vedette.server", "uvicorn.error")


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the service writes to its log in one test; afterwards the logs are as they were."""
    before = {name: (logging.getLogger(name).handlers, logging.getLogger(name).propagate) for name in _NAMES}
    levels = {name: logging.getLogger(name).level for name in _NAMES}
    held = io.StringIO()
    log_to(held)
    yield held
    for name, (handlers, propagate) in before.items():
        log = logging.getLogger(name)
        log.handlers, log.propagate = handlers, propagate
        log.setLevel(levels[name])


class TestMask:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("told ann.example+itt@mail.example.org to wait", "email"),
            ("ann@sub.example", "email"),
            ("평양@example.org", "email"),
            ("from 203.0.113.7 port 5", "v4"),
            ("peer 2001:db8::7 gone", "v6"),
            ("peer ::ffff:203.0.113.7", "v6"),
            ("call +1 (850) 555-0100 now", "phone"),
            ("Authorization: Bearer abc.def.ghi", "token"),
            ("link /welcome/" + "aZ09_-x" * 6 + "q", "opaque"),
        ],
    )
    def test_what_tells_somebody_is_masked(self, text: str, kind: str) -> None:
        assert f"[{kind} " in masked(text)

    @pytest.mark.parametrize(
        "text",
        [
            "/v1/cases/{case_id}",
            "not ready: lists:2026-03-01T12:00:00Z are stale",
            "request 00ff00ff00ff00ff failed unforeseen: ValueError < routes.py:12 case",
            "version 1.2.3",
            "1.2.3.4.5",
            "rule network/console_from_dprk",
        ],
    )
    def test_what_tells_nobody_stays(self, text: str) -> None:
        assert masked(text) == text

    def test_a_key_keeps_its_id_alone(self) -> None:
        assert masked("key vdk_ab12cd_" + "S" * 43) == "key vdk_ab12cd_[secret]"

    def test_equal_ones_are_told_alike_and_others_apart(self) -> None:
        assert masked("ann@example.org") == masked("ANN@example.org") != masked("bea@example.org")

    def test_a_field_named_like_a_secret_loses_its_value_however_deep(self) -> None:
        told = mask(None, "info", {"a": {"b": [{"password": "x1"}]}, "X-CSRF-Token": "x2", "n": 3, "m": ("a@b.cd",)})
        assert "x1" not in str(told)
        assert "x2" not in str(told)
        assert "a@b.cd" not in str(told)
        assert told["n"] == 3

    def test_an_endless_text_is_cut(self) -> None:
        assert len(masked("x y " * 100_000)) <= 2_000


class TestLines:
    def test_lines_are_json_without_an_exception_s_message(self) -> None:
        try:
            raise ValueError("Ann Example")
        except ValueError:
            record = logging.LogRecord("uvicorn.error", 40, "f", 1, "failed", (), sys.exc_info())

        line = formatter().format(record)

        assert json.loads(line)["fault"] == "ValueError"
        assert json.loads(line)["message"] == "failed"
        assert json.loads(line)["time"].endswith("Z")
        assert "Ann" not in line

    def test_a_line_stays_one_line(self) -> None:
        record = logging.LogRecord("vedette.server", 40, "f", 1, 'a\nb\r\n{"level":"INFO"} \u2028 %s', ("c\nd",), None)
        line = formatter().format(record)
        assert line.isprintable()
        assert json.loads(line)["level"] == "ERROR"

    def test_a_request_is_told_by_id_pattern_status_time_and_who(self, served: Served, stream: io.StringIO) -> None:
        response = served.ask("GET", "/v1/lists", "read")

        told = json.loads(stream.getvalue().splitlines()[-1])

        assert told["request"] == response.headers["x-request-id"]
        assert (told["route"], told["method"], told["status"]) == ("/v1/lists", "GET", 200)
        assert told["key"] == served.key("read").split("_")[1]
        assert told["ms"] > 0
        assert set(told) == {
            *("time", "level", "log", "message", "request", "method", "route"),
            *("status", "bytes", "ms", "key", "person"),
        }

    def test_nothing_personal_is_left_after_hostile_requests(self, fresh: Served, stream: io.StringIO) -> None:
        app: Any = fresh.client.app
        router = APIRouter()

        @router.get("/broken")
        def broken(name: str) -> None:
            logging.getLogger("vedette.server").error("somebody wrote %s in here", name)
            raise RuntimeError(f"the passport of {name}")

        app.include_router(router)
        fresh.client = type(fresh.client)(app, raise_server_exceptions=False)
        kept = ["ann@example.org", "203.0.113.77", "2001:db8::77", PASSWORD, "vdk_0123456789_" + "S" * 43, "tok3n" * 9]
        for text in kept:
            for path in ("/v1/cases/", "/search/", "/welcome/", "/no/such/", "/broken?name=", "/v1/findings?cursor="):
                fresh.client.get(path + text)
            fresh.client.get("/v1/me", headers={"Authorization": f"Bearer {text}", "X-Forwarded-For": text})
            fresh.client.get("/v1/me", headers={"Cookie": f"__Host-vedette={text}", "User-Agent": text})
            fresh.client.post("/sign-in", data={"name": text, "password": text, "code": text})
            fresh.client.post("/v1/verifications", json={"email": text, "\r\nadmin": text})

        log = stream.getvalue()

        assert all(isinstance(json.loads(line), dict) for line in log.splitlines())
        assert len(log.splitlines()) >= len(kept) * 10
        for text in kept:
            if text != PASSWORD:  # plain words are kept out by what is logged at all, which the next lines show
                assert text not in log
        assert PASSWORD not in "".join(line for line in log.splitlines() if "somebody wrote" not in line)
        assert "S" * 43 not in log
        assert "passport" not in log
