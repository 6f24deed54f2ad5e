"""The vault: personal data sealed with a key per subject, and keyed tokens that can be compared but not read."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vedette.base import Json, Place, VedetteError, canonical_json
from vedette.store.workspace import write_once

_NONCE = 12


class VaultError(VedetteError):
    """Sealed data cannot be opened: its key is destroyed, missing or wrong."""


class Vault:
    """Seals, opens and tokenises with keys from the workspace's ``keys`` folder.

    A sealed blob carries its subject's data key, wrapped by the master key, so that nothing else needs to be looked up.
    To shred a subject is to delete its sealed rows, or to put ``shredded`` in their place: with the blob its key is gone,
    and the audit log stays valid.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[str, bytes] = {}

    def _key(self, name: str) -> bytes:
        if name not in self._loaded:
            self._loaded[name] = load_key(self._folder / f"{name}.key")
        return self._loaded[name]

    def token(self, kind: str, text: str) -> str:
        """32 characters that equal for equal (kind, text) in this workspace only. The caller normalises first."""
        return self.tokens(kind, (text,))[0]

    def tokens(self, kind: str, texts: Iterable[str]) -> list[str]:
        """Tokens of many texts of one kind, in order."""
        key = hmac.digest(self._key("index"), kind.encode(), hashlib.sha256)
        return [hmac.digest(key, text.encode(), "sha256")[:16].hex() for text in texts]

    def seal(self, subject_id: str, plain: Mapping[str, Json]) -> bytes:
        """Encrypt a mapping for one subject: AES-256-GCM under a fresh data key wrapped by the master key."""
        data_key = secrets.token_bytes(32)
        bound = subject_id.encode()
        return _encrypt(self._key("master"), data_key, bound) + _encrypt(data_key, canonical_json(plain), bound)

    def open(self, subject_id: str, sealed: bytes) -> dict[str, Any]:
        """Decrypt what ``seal`` made for this subject. Raises VaultError for any other bytes or subject."""
        bound = subject_id.encode()
        wrapped_length = _NONCE + 32 + 16
        try:
            data_key = _decrypt(self._key("master"), sealed[:wrapped_length], bound)
            plain = _decrypt(data_key, sealed[wrapped_length:], bound)
        except (InvalidTag, ValueError):
            raise VaultError("sealed data cannot be opened", remedy="Its key was destroyed or it was altered") from None
        value: dict[str, Any] = json.loads(plain)
        return value

    def shredded(self, subject_id: str, sealed: bytes, word: str) -> bytes:
        """What takes a sealed blob's place: the same fields with every text replaced by one word, under another key.

        A blob that cannot be opened any more is replaced by an empty mapping.
        """
        try:
            plain = self.open(subject_id, sealed)
        except VaultError:
            plain = {}
        return self.seal(subject_id, {name: _worded(value, word) for name, value in plain.items()})


def _worded(value: Any, word: str) -> Json:
    if isinstance(value, dict):
        return {name: _worded(inner, word) for name, inner in value.items()}
    if isinstance(value, list):
        return [_worded(inner, word) for inner in value]
    return word if isinstance(value, str) else None


def _encrypt(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _decrypt(key: bytes, data: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], bound)


def load_key(path: Path) -> bytes:
    """Read a 32-byte key, making it at first use, readable by its owner only. Raises VaultError where it is damaged."""
    if not path.exists():
        # Two processes may come here at once: the first key written is the key, for both.
        write_once(path, secrets.token_bytes(32), mode=0o600)
    key = path.read_bytes()
    if len(key) != 32:
        raise VaultError("is not a key of 32 bytes", place=Place(str(path)), remedy="Restore it from your backup")
    return key
