"""The zip: equal contents give equal bytes, and nothing in it can be changed unseen."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.documents import DocumentError, bundle

FILES = {"report.pdf": b"%PDF", "tables/01.csv": b"a,b\r\n"}


def test_equal_contents_are_equal_bytes() -> None:
    assert bundle.pack(FILES, {"x": "1"}) == bundle.pack(dict(FILES), {"x": "1"})


def test_it_is_whole() -> None:
    data = bundle.pack(FILES, {"report": "x"})
    assert bundle.problems(data) == []
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert json.loads(packed.read(bundle.MANIFEST))["about"] == {"report": "x"}


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a\\b", "manifest.json", "", "a//b", "a/../b", ".hidden", "a b"]
)
def test_unsafe_names_are_refused(name: str) -> None:
    with pytest.raises(DocumentError):
        bundle.pack({name: b""})


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({**FILES, "report.pdf": b"other"}, "report.pdf: altered"),
        ({**FILES, "more.txt": b""}, "more.txt: not in the manifest"),
        ({"report.pdf": b"%PDF"}, "tables/01.csv: missing"),
    ],
)
def test_tampering_is_seen(files: dict[str, bytes], problem: str) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle.pack(FILES))) as packed:
        manifest = packed.read(bundle.MANIFEST)
    assert bundle.problems(bundle.zipped({bundle.MANIFEST: manifest, **files})) == [problem]


@given(st.binary(max_size=200))
@settings(max_examples=40, deadline=None)
def test_no_bytes_make_it_fail(data: bytes) -> None:
    assert bundle.problems(data)
