"""Measures search strategies on the works held, or on lists of ids that searches brought."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from vedette.observatory.model import ObservatoryError, refuse
from vedette.observatory.reading import doi_of
from vedette.observatory.recall import Recall, recall
from vedette.observatory.strategies import Strategy, fold, matcher, strategies
from vedette.store import Store

_MOST_IDS = 5_000_000
_NAME = re.compile(r"[\w .-]{1,60}")


def known(country: str, store: Store | None) -> tuple[Strategy, ...]:
    """The strategies for a country, with the institutions of the registries in force."""
    from vedette.institutions.load import current, organisations
    from vedette.institutions.registry import shipped

    loaded = [item for version in current(store) for item in organisations(store, version)] if store else []
    return strategies(country, [*shipped(), *loaded])


def of_corpus(store: Store, country: str) -> Recall:
    """How much of the country's works held each strategy would have found; only works whose address was decided count."""
    from vedette.observatory.store import searched

    patterns = {item.name: matcher(item) for item in known(country, store)}
    found: dict[str, set[str]] = {name: set() for name in patterns}
    folded: dict[str, frozenset[str]] = {}
    for work, text in searched.addresses(store, country):
        if text not in folded:
            plain = fold(text)
            folded[text] = frozenset(name for name, pattern in patterns.items() if pattern.search(plain))
        for name in folded[text]:
            found[name].add(work)
    sets = {name: frozenset(works) for name, works in found.items()}
    return recall({**sets, "claimed": searched.claimed(store, country)})


def of_lists(lists: Sequence[str]) -> Recall:
    """How much each of several searches found: NAME=FILE with one id (a DOI or any other) a line."""
    found: dict[str, frozenset[str]] = {}
    for item in lists:
        name, _, file = item.partition("=")
        if not file or not _NAME.fullmatch(name):
            raise ObservatoryError(f"{item!r} is not NAME=FILE", remedy="Write for example city=found-by-city.txt")
        if name in found:
            raise ObservatoryError(f"{name!r} is given twice", remedy="Name each search once")
        found[name] = _ids(Path(file))
    return recall(found)


def _ids(path: Path) -> frozenset[str]:
    ids: set[str] = set()
    try:
        with path.open(encoding="utf-8-sig") as file:
            for line in file:
                text = line.strip()
                if text:
                    ids.add(doi_of(text) or text.casefold()[:500])
                if len(ids) > _MOST_IDS:
                    raise refuse(f"holds more than {_MOST_IDS:,} ids", str(path), remedy="Split the question")
    except (OSError, UnicodeDecodeError) as fault:
        reason = getattr(fault, "strerror", None) or "it is not UTF-8"
        raise refuse(f"cannot be read: {reason}", str(path), remedy="One id a line, as UTF-8") from None
    return frozenset(ids)


def as_rows(found: Sequence[Strategy], form: str) -> list[Mapping[str, object]]:
    """The strategies as rows, with a query of one database where a form is asked for."""
    return [
        {
            "strategy": item.name,
            "terms": list(item.terms),
            "blind_spots": item.blind_spots,
            **({"query": item.query(form)} if form else {}),
        }
        for item in found
    ]
