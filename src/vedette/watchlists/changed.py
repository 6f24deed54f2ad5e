"""When each entry of a list took its present form, from the versions that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from vedette.store import Store
from vedette.watchlists.diff import diff
from vedette.watchlists.load import entries
from vedette.watchlists.model import ListVersion
from vedette.watchlists.versions import versions

_VERSIONS_COMPARED = 10


def changes(store: Store, version: ListVersion) -> tuple[str, Mapping[str, str]]:
    """The time that holds for most entries, and the later time of each entry added or changed since, by entry id.

    Only the last ten versions up to this one are compared: what changed before counts as changed with the first of them.
    """
    known = sorted(versions(store, version.list_id), key=lambda one: (one.loaded_at, one.version))
    before = [one for one in known if one.loaded_at <= version.loaded_at and one.version != version.version]
    chain = [*before, version][-_VERSIONS_COMPARED:]
    later: dict[str, str] = {}
    for old, new in pairwise(chain):
        delta = diff(entries(store, old), entries(store, new))
        later |= dict.fromkeys(delta.touched(), new.loaded_at)
    return chain[0].loaded_at, later
