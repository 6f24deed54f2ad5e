"""Submissions written for the venue's system: nothing of screening is in them, and reviewers get no authors."""

from __future__ import annotations

from dataclasses import replace

from vedette.conference.model import ConferenceError, Submission
from vedette.conference.source import parser_of
from vedette.conference.store import held
from vedette.store import Store

_FORMS = ("hotcrp", "openreview")
_KEPT_BLIND = ("number", "forum")


def written(store: Store, venue: str, form: str, *, blind: bool) -> tuple[bytes, int]:
    """The file's bytes and how many submissions it holds. Raises ConferenceError for a form that cannot be written."""
    if form not in _FORMS:
        raise ConferenceError(f"no form {form!r} to write", remedy=f"One of: {', '.join(_FORMS)}")
    items = [blinded(item) if blind else item for item in held.submissions(store, venue)]
    writer = parser_of(form)
    data: bytes = writer.write(items)  # type: ignore[attr-defined]  # the two forms named above can be written
    return data, len(items)


def blinded(item: Submission) -> Submission:
    """A submission as reviewers see it: title, abstract, topics."""
    extra = {key: value for key, value in item.extra.items() if key in _KEPT_BLIND}
    return replace(item, authors=(), statement=None, status="", extra=extra)
