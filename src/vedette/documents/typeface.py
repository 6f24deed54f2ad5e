"""Which font can show which character: the standard Latin fonts, faces given by the caller, then the readers' own CJK fonts."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from vedette.documents.model import DocumentError

_KOREAN = re.compile("[ᄀ-ᇿ㄰-㆏가-힣]")
_KANA = re.compile("[぀-ヿㇰ-ㇿ]")
_HAN = re.compile("[⺀-⿟　-〿㈀-㏿㐀-䶿一-鿿豈-﫿＀-￯]")
# These are named, not embedded: every common reader brings or substitutes a font for them.
_CID = {"ko": "HYSMyeongJo-Medium", "zh": "STSong-Light", "ja": "HeiseiMin-W3"}


def reportlab(part: str) -> Any:
    """A module of reportlab, which has no types and is heavy: loaded when the first page is set."""
    return import_module(f"reportlab.{part}")


class Typefaces:
    """Splits text into runs of one font each. ``faces`` are TrueType files to embed, asked in order."""

    def __init__(self, faces: Sequence[bytes] = (), *, language: str = "en") -> None:
        self._faces = [_face(data) for data in faces]
        self._han = language if language in _CID else "zh"
        self.escaped: set[str] = set()

    def runs(self, text: str, *, bold: bool = False) -> Iterator[tuple[str, str]]:
        """(font, text) pieces of visible text. A character that no font shows becomes its code point and is remembered."""
        font, piece = "", ""
        for character in text:
            found, shown = self._of(character, bold)
            if found != font and piece:
                yield font, piece
                piece = ""
            font, piece = found, piece + shown
        if piece:
            yield font, piece

    def _of(self, character: str, bold: bool) -> tuple[str, str]:
        if _latin(character):
            return "Helvetica-Bold" if bold else "Helvetica", character
        cid = self._cid(character)
        if cid is not None:
            return cid, character
        for face in self._faces:
            if ord(character) in face.face.charToGlyph:
                return str(face.fontName), character
        self.escaped.add(character)
        return "Courier", f"[U+{ord(character):04X}]"

    def _cid(self, character: str) -> str | None:
        if _KOREAN.match(character):
            return _registered("ko")
        if _KANA.match(character):
            return _registered("ja")
        return _registered(self._han) if _HAN.match(character) else None


def _latin(character: str) -> bool:
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=3)
def _registered(language: str) -> str:
    reportlab("pdfbase.pdfmetrics").registerFont(reportlab("pdfbase.cidfonts").UnicodeCIDFont(_CID[language]))
    return _CID[language]


@lru_cache(maxsize=8)
def _face(data: bytes) -> Any:
    fonts = reportlab("pdfbase.ttfonts")
    try:
        font = fonts.TTFont(f"F{hashlib.sha256(data).hexdigest()[:8]}", io.BytesIO(data))
    except (fonts.TTFError, ValueError, KeyError) as fault:
        raise DocumentError(
            f"the face is no TrueType font: {fault}", remedy="Give a .ttf file with outlines of its own"
        ) from None
    reportlab("pdfbase.pdfmetrics").registerFont(font)
    return font
