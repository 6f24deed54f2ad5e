"""Whatever the API document allows to be sent, with a key, as a person or as nobody: no answer is a failure of ours."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases.test_refresh import BOTH, refresh
from tests.server.conftest import new_key
from tests.server.house import House
from vedette.base import FixedClock
from vedette.doors.keys import Scope
from vedette.doors.people import Role
from vedette.server.assemble import DOCUMENT

#: Not tried: one waits for a signature, one tells that no list is loaded, one takes lines that the library cannot write.
_LEFT_OUT = ("/v1/evidence/{vendor}", "/readyz", "/v1/events")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    clock = FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    made = House(tmp_path_factory.mktemp("schema"), clock)
    refresh(made.place.store, clock, *BOTH)
    yield made
    made.place.store.close()


@pytest.fixture(scope="module")
def document(house: House) -> dict[str, Any]:
    found: dict[str, Any] = house.browser().get(DOCUMENT).json()
    return found


class TestDocument:
    @pytest.mark.parametrize("caller", ["nobody", "key", "person"])
    def test_nothing_it_allows_makes_the_service_fail(
        self, house: House, document: dict[str, Any], caller: str
    ) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library's own, about itself
            import schemathesis.openapi
            from schemathesis.core.result import Ok

            schema = schemathesis.openapi.from_dict(document)
            operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
            tried = [one.as_strategy() for one in operations if one.path not in _LEFT_OUT]
        client, headers = _caller(house, caller)

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.one_of(tried))
        def no_failure(case: Any) -> None:
            sent = case.as_transport_kwargs(base_url="https://testserver")
            path = sent["url"].removeprefix("https://testserver") or "/"
            response = client.request(
                sent["method"],
                path,
                params=sent.get("params"),
                json=sent.get("json"),
                content=sent.get("data") if isinstance(sent.get("data"), bytes | str) else None,
                headers={**_sendable(sent["headers"]), **headers},
            )
            told = f"{sent['method']} {path}: {response.status_code} {response.text[:300]}"
            assert response.status_code < 500 or response.status_code == 503, told
            if caller == "nobody" and "security" in document["paths"][case.operation.path][case.method.lower()]:
                assert response.status_code in (401, 404, 405, 422), told
            if response.status_code >= 400:
                assert response.headers["content-type"] == "application/problem+json", told

        no_failure()


def _sendable(headers: Any) -> dict[str, str]:
    """The headers that a client can send; the library's own mark is left out."""
    return {
        name: text for name, text in headers.items() if text.isascii() and text.isprintable() and "chemath" not in text
    }


def _caller(house: House, caller: str) -> tuple[Any, dict[str, str]]:
    if caller == "person":
        roles = (Role.ANALYST, Role.APPROVER, Role.ADMIN, Role.RULE_AUTHOR)
        browser = house.person("everything", *roles)
        return browser.client, {"X-CSRF-Token": browser.csrf}
    if caller == "key":
        return house.browser(), {"Authorization": f"Bearer {new_key(house.place, *(scope.value for scope in Scope))}"}
    return house.browser(), {}
