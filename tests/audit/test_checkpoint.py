"""A checkpoint is a C2SP signed note: only its own key, name and bytes open it."""

from __future__ import annotations

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.audit.checkpoint import Checkpoint, CheckpointError, key_id, opened, public_bytes, sign

KEY = bytes(range(32))
PUBLIC = public_bytes(KEY)
SIGNED = Checkpoint("vedette.local/audit", 7, bytes(32))
NOTE = sign(SIGNED, KEY)


class TestSign:
    def test_the_form(self) -> None:
        text, signature = NOTE.split("\n\n")
        dash, name, blob = signature.strip().split(" ")

        assert text == "vedette.local/audit\n7\n" + base64.b64encode(bytes(32)).decode()
        assert (dash, name) == ("\u2014", "vedette.local/audit")
        assert base64.b64decode(blob)[:4] == key_id("vedette.local/audit", PUBLIC)
        assert len(base64.b64decode(blob)) == 4 + 64

    def test_there_and_back(self) -> None:
        assert opened(NOTE, PUBLIC) == SIGNED


class TestOpened:
    @pytest.mark.parametrize(
        "note",
        [
            "",
            "x",
            "\n\n\n",
            NOTE.replace("\n7\n", "\n8\n"),
            NOTE.replace("\n7\n", "\nseven\n"),
            NOTE.replace("vedette.local/audit\n7", "elsewhere/audit\n7"),
            NOTE.replace("\u2014 vedette.local", "\u2014 elsewhere"),
            NOTE.replace("\u2014", "-"),
            NOTE.partition("\n\n")[0],
            NOTE.replace("\n\n", "\n"),
            NOTE[:-5],
        ],
    )
    def test_another_text_or_signature_is_refused(self, note: str) -> None:
        with pytest.raises(CheckpointError):
            opened(note, PUBLIC)

    def test_another_key_is_refused(self) -> None:
        with pytest.raises(CheckpointError, match="does not hold"):
            opened(NOTE, public_bytes(bytes(32)))

    def test_further_signatures_are_ignored(self) -> None:
        assert opened(NOTE + "\u2014 witness.example AAAA\nnoise\n", PUBLIC) == SIGNED

    @given(st.integers(0, len(NOTE.encode()) - 2), st.integers(1, 255))
    def test_any_changed_byte_is_refused(self, place: int, flip: int) -> None:
        data = bytearray(NOTE.encode())
        data[place] ^= flip
        try:
            note = data.decode()
        except UnicodeDecodeError:
            return
        with contextlib.suppress(CheckpointError):
            assert opened(note, PUBLIC) == SIGNED, "only what says the same may pass"
