"""What holds for every telemetry adapter: its sample reads as expected, only fields of the forms come out, nothing hostile crashes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vedette.workloads.adapted import AdaptedFault, Document, Found, Ignored, Note, Refused, Row
from vedette.workloads.discover import Telemetry, telemetry_adapters
from vedette.workloads.forms import FORMS

ALL = list(telemetry_adapters().values())
IDS = [item.id for item in ALL]
FIELDS = {form.name: {item.name for item in form.fields} for form in FORMS}
KINDS = {item.name: item.kind for form in FORMS for item in form.fields}
ACCOUNTS = {"account_id", "src_account_id", "dst_account_id"}
SECRET = "python3 /data/secret/train.py --prompt 'tell me' model=llama-3-70b"
LONG = "x" * 10_000
KINDS_OF_NONSENSE: tuple[Any, ...] = (
    None,
    7,
    -1e300,
    1e308,
    "",
    LONG,
    [],
    {},
    [[]],
    {"a": {}},
    True,
    "NaN",
    [1e308, "5"],
)


def documents(adapter: Telemetry) -> list[Document]:
    """The sample in the pieces that the store would hand over."""
    body = adapter.sample.read_bytes()
    if adapter.sample.suffix == ".json":
        return [Document(1, body)]
    return [Document(number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]


def told(item: Found) -> dict[str, Any]:
    """One line as expected.jsonl writes it."""
    match item:
        case Row():
            holders = {column: [f"{one.kind}:{one.name}" for one in names] for column, names in item.holders.items()}
            values = {name: value for name, value in item.values.items() if value is not None}
            return {"line": item.line, "form": item.form, "values": values, "holders": holders}
        case Refused():
            return {"line": item.line, "refused": item.reason}
        case Ignored():
            return {"ignored": item.reason, "count": item.count}
        case Note():
            return {"note": item.text}


def answers(adapter: Telemetry) -> list[dict[str, Any]]:
    return [json.loads(json.dumps(told(item))) for item in adapter.rows(documents(adapter))]


def drained(adapter: Telemetry, given: list[Document]) -> list[Found]:
    """Everything that comes of documents, or nothing where the file is refused whole."""
    try:
        return list(adapter.rows(given))
    except AdaptedFault as fault:
        assert fault.problem and fault.remedy
        return []


def changed(value: Any, new: Any) -> Iterator[Any]:
    """The value with each of its parts in turn replaced."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {**value, key: new}
            yield from ({**value, key: one} for one in changed(inner, new))
    elif isinstance(value, list):
        for place, inner in enumerate(value[:40]):
            yield [*value[:place], new, *value[place + 1 :]]
            yield from ([*value[:place], one, *value[place + 1 :]] for one in changed(inner, new))


@pytest.mark.parametrize("adapter", ALL, ids=IDS)
class TestEveryTelemetryAdapter:
    def test_the_sample_reads_to_exactly_what_is_expected(self, adapter: Telemetry) -> None:
        lines = (adapter.folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
        assert answers(adapter) == [json.loads(line) for line in lines]

    def test_the_sample_shows_rows_and_what_is_none(self, adapter: Telemetry) -> None:
        found = answers(adapter)
        assert any("values" in item for item in found)
        assert any("refused" in item or "ignored" in item for item in found)

    def test_the_declaration_speaks(self, adapter: Telemetry) -> None:
        assert adapter.caption.endswith(".")
        assert len(adapter.blind_spots.split()) >= 20

    def test_only_fields_of_the_forms_come_out_and_accounts_only_through_holders(self, adapter: Telemetry) -> None:
        for item in adapter.rows(documents(adapter)):
            well_formed(item)

    def test_any_part_may_be_of_any_kind(self, adapter: Telemetry) -> None:
        if adapter.form == "text":
            texts(adapter)
            return
        for document in documents(adapter):
            try:
                value = json.loads(document.body)
            except ValueError:
                continue
            for place, kind in enumerate(KINDS_OF_NONSENSE):
                for other in islice(changed(value, kind), place, None, len(KINDS_OF_NONSENSE)):
                    check(adapter, other)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(body=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
    def test_any_bytes_are_rows_or_refused(self, adapter: Telemetry, body: bytes) -> None:
        text = body.decode("utf-8", "replace").encode()
        first = documents(adapter)[0]
        for item in drained(adapter, [Document(1, text)]) + drained(adapter, [first, Document(2, text)]):
            well_formed(item)

    def test_free_text_in_every_place_never_comes_out(self, adapter: Telemetry) -> None:
        """Each text of the sample in turn, and each new key, bears a command line with a path, a prompt and a model's name."""
        for document in documents(adapter):
            for body in planted(document.body, text=adapter.form == "text"):
                said = repr([asdict(item) for item in drained(adapter, [*documents(adapter)[:1], Document(9, body)])])
                for word in ("secret", "llama", "train.py", "tell me", "python3"):
                    assert word not in said


def texts(adapter: Telemetry) -> None:
    first, *rest = documents(adapter)
    for document in rest:
        for cut in range(0, min(len(document.body), 400), 7):
            for item in drained(adapter, [first, Document(2, document.body[:cut])]):
                well_formed(item)


def check(adapter: Telemetry, value: Any) -> None:
    for item in drained(adapter, [Document(1, json.dumps(value).encode())]):
        well_formed(item)


def planted(body: bytes, *, text: bool) -> Iterator[bytes]:
    if text:
        mark = "|" if b"|" in body else "," if b"," in body else " "
        cells = body.decode().split(mark)
        for place in range(len(cells)):
            yield mark.join([*cells[:place], SECRET.replace(mark, "_"), *cells[place + 1 :]]).encode()
        return
    try:
        value = json.loads(body)
    except ValueError:
        return
    for seen, other in enumerate(changed(value, SECRET)):
        if seen < 200 or seen % 5 == 0:
            yield json.dumps(other).encode()
    yield json.dumps(everywhere(value)).encode()


def everywhere(value: Any) -> Any:
    """The value with further keys, all holding the text."""
    if isinstance(value, dict):
        more = ("command", "cmdline", "image", "model", "prompt", "name", "comment", "submit_line", "working_directory")
        return {
            **{key: SECRET for key in more if key not in value},
            **{key: everywhere(one) for key, one in value.items()},
        }
    return [everywhere(one) for one in value] if isinstance(value, list) else value


def well_formed(item: Found) -> None:
    if not isinstance(item, Row):
        return
    assert set(item.values) <= FIELDS[item.form] - ACCOUNTS
    assert set(item.holders) <= ACCOUNTS
    for name, value in item.values.items():
        expected: tuple[type, ...] = {"time": (int,), "whole": (int,), "number": (int, float)}.get(KINDS[name], (str,))
        assert value is None or type(value) in expected, name
