"""Signing in with an identity provider: a small one that signs tokens, and every way in which its proof may be bad."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from tests.doors.access.people import joined
from tests.made import ANNA, BERT
from tests.server.house import House
from tests.server.web import TestClient
from vedette.base import FixedClock
from vedette.doors.access import disable
from vedette.doors.access.fetch import Endpoints
from vedette.doors.access.provider import Provider, ProviderError, agree, agreed
from vedette.doors.people import PersonRefused, Role

ISSUER = "https://login.example.org"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
AGREED = Provider(
    issuer=ISSUER,
    client_id="vedette",
    secret="s3cret/+",
    title="Example Login",
    at="https://testserver",
    claim="groups",
    roles={"itt": ("analyst",), "boss": ("admin",), "conf": ("integrity_officer",)},
)


@dataclass
class Login:
    """An identity provider: hands out codes to whoever it is told, and answers as the test wants."""

    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    claims: dict[str, Any] = field(default_factory=dict)
    begun: dict[str, str] = field(default_factory=dict)
    signed_by: Any = None
    algorithm: str = "RS256"
    asked: list[str] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(path)
        if path.endswith("openid-configuration"):
            known = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            found = {"issuer": ISSUER, **{name: f"{ISSUER}/{end}" for name, end in known.items()}}
            return httpx.Response(200, json={**found, **self.metadata})
        if path == "/keys":
            return httpx.Response(200, json=KeySet([self.key]).as_dict(private=False))
        return self.token(request)

    def token(self, request: httpx.Request) -> httpx.Response:
        import base64
        import hashlib

        sent = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        assert request.headers["authorization"] == "Basic " + base64.b64encode(b"vedette:s3cret%2F%2B").decode()
        proof = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).decode().rstrip("=")
        if sent.get("code") != "good" or proof != self.begun["code_challenge"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        now = int(NOW.timestamp())
        claims = {
            "iss": ISSUER,
            "aud": "vedette",
            "sub": "u-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.begun["nonce"],
            "preferred_username": "Frida",
            "groups": ["itt"],
            **self.claims,
        }
        header = {"alg": self.algorithm, "kid": "one"}
        claims = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(header, claims, self.signed_by or self.key, algorithms=[self.algorithm])
        return httpx.Response(200, json={"id_token": token, "access_token": "x"})


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    clock = FixedClock(NOW)
    made = House(tmp_path_factory.mktemp("provider"), clock)
    agree(made.place.store, ANNA, AGREED, clock=clock)
    yield made
    made.place.store.close()


@pytest.fixture(scope="module")
def signing() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


@pytest.fixture
def login(house: House, signing: RSAKey) -> Login:
    made = Login(key=signing)
    house.place._kept[Endpoints] = Endpoints(httpx.Client(transport=httpx.MockTransport(made.answer)))
    return made


def come_back(
    house: House, login: Login, browser: TestClient | None = None, changes: Mapping[str, str] | None = None
) -> httpx.Response:
    """Away to the provider and back with a code."""
    client = browser or house.browser()
    away = client.get("/sign-in/provider?next=/v1/me")
    address = urlsplit(away.headers["location"])
    login.begun = {name: values[0] for name, values in parse_qs(address.query).items()}
    answer = {"code": "good", "state": login.begun["state"], **(changes or {})}
    response: httpx.Response = client.get("/sign-in/provider/back", params=answer)
    return response


class TestComingIn:
    def test_a_person_of_a_group_comes_in_with_its_roles(self, house: House, login: Login) -> None:
        browser = house.browser()
        page = browser.get("/sign-in").text
        response = come_back(house, login, browser)
        assert "Example Login" in page
        assert response.status_code == 303, response.text
        me = browser.get(response.headers["location"]).json()
        assert (me["name"], me["roles"]) == ("frida", ["analyst"])

    def test_what_is_asked_of_the_provider(self, house: House, login: Login) -> None:
        come_back(house, login)
        assert login.begun["response_type"] == "code"
        assert login.begun["code_challenge_method"] == "S256"
        assert login.begun["redirect_uri"] == "https://testserver/sign-in/provider/back"

    def test_roles_follow_the_groups_at_each_sign_in(self, house: House, login: Login) -> None:
        login.claims = {"sub": "u-2", "preferred_username": "gustav", "groups": ["itt", "other"]}
        browser = house.browser()
        come_back(house, login, browser)
        login.claims["groups"] = ["itt", "boss"]
        come_back(house, login, browser)
        assert browser.get("/v1/me").json()["roles"] == ["analyst", "admin"]

    def test_keys_are_asked_for_anew_when_an_unknown_one_signs(
        self, house: House, login: Login, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        come_back(house, login)
        endpoints = house.place._kept[Endpoints]
        endpoints._found = {address: (time.monotonic() - 120, held) for address, (_, held) in endpoints._found.items()}
        login.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        assert come_back(house, login).status_code == 303


class TestRefused:
    @pytest.mark.parametrize(
        "claims",
        [
            {"iss": "https://evil.example"},
            {"aud": "another"},
            {"aud": ["vedette", "another"]},
            {"aud": ["vedette", "another"], "azp": "another"},
            {"nonce": "another"},
            {"nonce": None},
            {"exp": int(NOW.timestamp()) - 3600},
            {"exp": None},
            {"iat": None},
            {"sub": None},
            {"sub": "x" * 300},
            {"groups": []},
            {"groups": None},
            {"groups": {"itt": 1}},
            {"groups": ["unknown"]},
            {"groups": ["boss", "conf"]},
            {"preferred_username": None},
            {"preferred_username": "a b'; --"},
        ],
        ids=str,
    )
    def test_claims(self, house: House, login: Login, claims: dict[str, Any]) -> None:
        login.claims = {"sub": "u-9", "preferred_username": "hanna", **claims}
        response = come_back(house, login)
        assert response.status_code == 401
        assert "set-cookie" in response.headers and "__Host-vedette=" not in response.headers["set-cookie"]

    def test_signatures(self, house: House, login: Login) -> None:
        secret = OctKey.import_key(json.dumps(login.key.as_dict(private=False)))
        for algorithm, key in (
            ("RS256", RSAKey.generate_key(2048, {"kid": "one"})),
            ("ES256", ECKey.generate_key("P-256", {"kid": "one"})),
            ("HS256", secret),
        ):
            login.algorithm, login.signed_by = algorithm, key
            assert come_back(house, login).status_code == 401

    @pytest.mark.parametrize("changes", [{"code": "guess"}, {"code": ""}, {"state": "guess"}, {"state": ""}])
    def test_codes_and_states(self, house: House, login: Login, changes: dict[str, str]) -> None:
        assert come_back(house, login, changes=changes).status_code == 401

    def test_another_browser(self, house: House, login: Login) -> None:
        come_back(house, login)
        response = house.browser().get("/sign-in/provider/back", params={"code": "good", "state": login.begun["state"]})
        assert response.status_code == 401

    def test_somebody_else_s_name_is_never_taken(self, house: House, login: Login) -> None:
        joined(house.place.store, house.place.clock, "bea", Role.ADMIN)
        login.claims = {"sub": "u-3", "preferred_username": "bea"}
        response = come_back(house, login)
        assert response.status_code == 401
        assert "has your name" in response.text

    def test_whoever_is_kept_out_here_stays_out(self, house: House, login: Login) -> None:
        login.claims = {"sub": "u-4", "preferred_username": "ivo"}
        assert come_back(house, login).status_code == 303
        disable(house.place.store, BERT, "ivo", clock=house.place.clock)
        assert come_back(house, login).status_code == 401

    @pytest.mark.parametrize(
        "metadata", [{"issuer": "https://other"}, {"authorization_endpoint": "http://evil.example"}]
    )
    def test_a_provider_that_says_it_is_another(self, house: House, login: Login, metadata: dict[str, str]) -> None:
        login.metadata = metadata
        assert house.browser().get("/sign-in/provider").status_code == 503


class TestAgreement:
    def test_is_kept_for_its_owner_alone(self, house: House) -> None:
        assert agreed(house.place.store) == AGREED
        file = house.place.store.workspace.keys / "provider.json"
        assert file.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize(
        "changes",
        [
            {"issuer": "http://login.example.org"},
            {"issuer": "login"},
            {"at": "ftp://x"},
            {"client_id": ""},
            {"roles": {}},
        ],
        ids=str,
    )
    def test_what_cannot_be_agreed(self, house: House, changes: dict[str, Any]) -> None:
        from dataclasses import replace

        with pytest.raises(ProviderError):
            agree(house.place.store, ANNA, replace(AGREED, **changes), clock=house.place.clock)

    def test_roles_that_stay_apart(self, house: House) -> None:
        from dataclasses import replace

        with pytest.raises(PersonRefused):
            agree(house.place.store, ANNA, replace(AGREED, roles={"x": ("auditor", "admin")}), clock=house.place.clock)
