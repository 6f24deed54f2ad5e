"""Who is listed, by whom, since when, with what obligation.

Keeps every version of every list; decides nothing about a customer. Grows by one folder under ``sources/`` a list.
"""

from vedette.watchlists.detect import recognise
from vedette.watchlists.diff import ListDiff, diff
from vedette.watchlists.load import LoadResult, Outcome, ReadList, current, entries, load, read
from vedette.watchlists.model import Listing, ListVersion
from vedette.watchlists.reading import ListError
from vedette.watchlists.refresh import refresh
from vedette.watchlists.source import Duty, Source, source, sources
from vedette.watchlists.status import ListStatus, status
from vedette.watchlists.versions import listings_named, resolve, versions

__all__ = [
    "Duty",
    "ListDiff",
    "ListError",
    "ListStatus",
    "ListVersion",
    "Listing",
    "LoadResult",
    "Outcome",
    "ReadList",
    "Source",
    "current",
    "diff",
    "entries",
    "listings_named",
    "load",
    "read",
    "recognise",
    "refresh",
    "resolve",
    "source",
    "sources",
    "status",
    "versions",
]
