"""What is asked of an identity provider over the network: its addresses and keys, and a token for a code."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from vedette.base import Clock
from vedette.doors.access.provider import Provider, ProviderError, require_safe
from vedette.doors.people import SignInRefused

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_LARGEST = 1024 * 1024
_SECONDS = 10.0
_KEPT_SECONDS = 3600.0
_KEYS_AT_MOST_EVERY = 60.0
_LEEWAY = 60
_UNREACHABLE = "The identity provider cannot be reached or answers nonsense"


@dataclass(frozen=True, slots=True)
class Begun:
    """One sign-in that has begun: what the browser keeps until it comes back."""

    state: str
    nonce: str
    verifier: str


@dataclass
class Endpoints:
    """An identity provider's addresses and keys, asked for once an hour, and its keys anew when an unknown one signs."""

    client: httpx.Client = field(
        default_factory=lambda: httpx.Client(timeout=_SECONDS, follow_redirects=False, trust_env=False)
    )
    _found: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def begin(self, provider: Provider) -> tuple[Begun, str]:
        """A new sign-in and the address at the provider to which the browser goes (code with PKCE)."""
        begun = Begun(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": provider.back,
            "scope": "openid profile email",
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = self._address(provider, "authorization_endpoint")
        return begun, f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def claims(self, provider: Provider, begun: Begun, code: str, clock: Clock) -> Mapping[str, Any]:
        """The verified claims of whoever came back with a code. Raises SignInRefused and ProviderError."""
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": provider.back,
            "code_verifier": begun.verifier,
        }
        login = (quote(provider.client_id, safe=""), quote(provider.secret, safe=""))
        answer = self._ask("POST", self._address(provider, "token_endpoint"), data=sent, auth=login)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignInRefused("The identity provider gave no proof", remedy="Try again")
        return self._verified(provider, token, begun.nonce, clock)

    def _verified(self, provider: Provider, token: str, nonce: str, clock: Clock) -> Mapping[str, Any]:
        rules = jwt.JWTClaimsRegistry(
            now=int(clock.now().timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id},
            nonce={"essential": True, "value": nonce},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )
        for fresh in (False, True):
            try:
                found = jwt.decode(token, self._keys(provider, fresh=fresh), algorithms=_ALGORITHMS)
                rules.validate(found.claims)
            except (JoseError, ValueError):
                continue
            claims: dict[str, Any] = found.claims
            several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
            if claims.get("azp", provider.client_id) != provider.client_id or (several and "azp" not in claims):
                break
            return claims
        raise SignInRefused("The identity provider's proof is not good", remedy="Try again")

    def _keys(self, provider: Provider, *, fresh: bool) -> KeySet:
        """The provider's public keys; asked for anew at most once a minute."""
        address = self._address(provider, "jwks_uri")
        held = self._kept(address, _KEYS_AT_MOST_EVERY if fresh else _KEPT_SECONDS)
        try:
            return KeySet.import_key_set({"keys": [key for key in held["keys"] if key.get("kty") != "oct"]})
        except (JoseError, ValueError, KeyError, TypeError, AttributeError):
            raise ProviderError(_UNREACHABLE) from None

    def _address(self, provider: Provider, name: str) -> str:
        found = self._kept(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration", _KEPT_SECONDS)
        address = found.get(name)
        if found.get("issuer") != provider.issuer or not isinstance(address, str):
            raise ProviderError(_UNREACHABLE, remedy="Check the issuer's address to the letter")
        require_safe(address, name)
        return address

    def _kept(self, address: str, seconds: float) -> dict[str, Any]:
        with self._lock:
            held = self._found.get(address)
            if held is None or monotonic() - held[0] >= seconds:
                held = self._found[address] = (monotonic(), self._ask("GET", address))
        return held[1]

    def _ask(self, method: str, address: str, **given: Any) -> dict[str, Any]:
        try:
            with self.client.stream(method, address, headers={"Accept": "application/json"}, **given) as answer:
                parts, size = [], 0
                for part in answer.iter_bytes():
                    size += len(part)
                    if size > _LARGEST:
                        raise ProviderError(_UNREACHABLE)
                    parts.append(part)
        except httpx.HTTPError:
            raise ProviderError(_UNREACHABLE, remedy="Try again") from None
        if method == "POST" and answer.status_code in (400, 401):
            raise SignInRefused("The identity provider refused this sign-in", remedy="Try again")
        try:
            return msgspec.json.decode(b"".join(parts), type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise ProviderError(_UNREACHABLE) from None
