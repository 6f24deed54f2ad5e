"""The plain-text form of Web of Science: two-letter tags, continued lines indented, records from PT to ER."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from vedette.observatory.model import Refused
from vedette.observatory.reading import RecordFault, text_lines, text_of

_TAG = re.compile(r"^([A-Z][A-Z0-9])(?: (.*))?$")
_MOST_LETTERS = 32 * 1024 * 1024
#: Lines of these tags are one value each; of all others a continued line goes on with the value.
_LISTED = {"AU": "; ", "AF": "; ", "C1": "; "}


def is_tagged(head: bytes) -> bool:
    """Whether the bytes begin like this form."""
    return bool(re.match(rb"^(?:\xef\xbb\xbf)?(?:FN [^\r\n]*[\r\n]+VR |PT [A-Z]\s*[\r\n]+AU )", head))


def records(name: str, stream: IO[bytes]) -> Iterator[tuple[int, dict[str, str]] | Refused]:
    """Each record's values under its tags in lower case, as the table form names them, with the line of its PT."""
    begin, tag, size = 0, "", 0
    fields: dict[str, list[str]] = {}
    for number, line in text_lines(name, text_of(name, stream)):
        found = _TAG.match(line)
        if found is not None:
            tag = found.group(1)
            if tag == "PT":
                if begin:
                    yield RecordFault("ER", "the record before does not end", "End it with ER").at(begin)
                begin, fields, size = number, {}, 0
        if not begin:
            continue
        if tag == "ER":
            yield _ended(begin, fields, size)
            begin = 0
            continue
        value = (found.group(2) or "" if found is not None else line).strip()
        size += len(value)
        if value and size <= _MOST_LETTERS:
            fields.setdefault(tag, []).append(value)
    if begin:
        yield RecordFault("ER", "the record does not end: the file may be cut short", "End it with ER").at(begin)


def _ended(begin: int, fields: dict[str, list[str]], size: int) -> tuple[int, dict[str, str]] | Refused:
    if size > _MOST_LETTERS:
        return RecordFault("", f"the record is longer than {_MOST_LETTERS:,} characters").at(begin)
    return begin, {tag.casefold(): _LISTED.get(tag, " ").join(values) for tag, values in fields.items()}
