"""Reference tables that rules may read: offsets and distances of places, kinds of mail domains, and what operations mean."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

_POINT = re.compile(r"^([+-])(\d{2,3})(\d{2})(\d{2})?$")
_COORDINATES = re.compile(r"^([+-]\d+)([+-]\d+)$")
_EARTH_KM = 6371.0
SEPARATOR = "\x1f"
# Offsets are read at the first of every month, so that summer time and recent changes of law are both allowed for.
_MONTHS = tuple(datetime(year, month, 1, tzinfo=UTC) for year in range(2022, 2028) for month in range(1, 13))


@dataclass(frozen=True, slots=True)
class Reference:
    """One small table of constants: column names with their types, and each column's values joined by SEPARATOR."""

    columns: tuple[tuple[str, str], ...]
    values: tuple[str, ...]

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The rows, every value as text."""
        return tuple(zip(*(column.split(SEPARATOR) for column in self.values), strict=True))


@lru_cache(maxsize=1)
def references() -> Mapping[str, Reference]:
    """All reference tables by name.

    ``country_offsets``: every UTC offset in minutes that a zone of the country has. ``zone_offsets``: the same per
    tz zone. ``country_distances``: kilometres between the nearest tz cities of two countries, nought between neighbours;
    crude for large countries with few zones, so rules let some off. ``public_mail``: mail domains that anybody may use.
    ``disposable_mail``: domains that give mailboxes for an hour. ``operations``: what an operation of a log means, such as
    ``share`` or ``factor_off``; one operation may mean several things.
    """
    zones = tuple(_zones())
    offsets = {zone: _offsets(zone) for zone in _zone_names()}
    return {
        "country_offsets": _table(
            (("country", "VARCHAR"), ("offset_minutes", "BIGINT")),
            sorted({(country, minutes) for country, _, zone in zones for minutes in offsets[zone]}),
        ),
        "zone_offsets": _table(
            (("zone", "VARCHAR"), ("offset_minutes", "BIGINT")),
            sorted((zone, minutes) for zone, found in offsets.items() for minutes in found),
        ),
        "country_distances": _table(
            (("country", "VARCHAR"), ("other_country", "VARCHAR"), ("kilometres", "BIGINT")), list(_distances(zones))
        ),
        "public_mail": _table((("domain", "VARCHAR"),), [(line,) for line in sorted(_lines("public_mail.txt"))]),
        "disposable_mail": _table(
            (("domain", "VARCHAR"),), [(line,) for line in sorted(_lines("disposable_mail.txt"))]
        ),
        "operations": _table((("operation", "VARCHAR"), ("meaning", "VARCHAR")), sorted(_operations())),
    }


def _table(columns: tuple[tuple[str, str], ...], rows: list[tuple[object, ...]]) -> Reference:
    return Reference(columns, tuple(SEPARATOR.join(map(str, values)) for values in zip(*rows, strict=True)))


def _zones() -> Iterator[tuple[str, tuple[float, float], str]]:
    """(country, position, zone) of every line of zone.tab."""
    for line in _tz_text("zone.tab").splitlines():
        if line and not line.startswith("#"):
            country, coordinates, zone = line.split("\t")[:3]
            match = _COORDINATES.match(coordinates)
            assert match is not None
            yield country, (_degrees(match[1]), _degrees(match[2])), zone


def _zone_names() -> list[str]:
    text = (resources.files("tzdata") / "zones").read_text(encoding="utf-8")
    return [line for line in text.split() if line]


def _tz_text(name: str) -> str:
    return (resources.files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")


def _degrees(text: str) -> float:
    """Degrees of an ISO 6709 coordinate such as +404251 or -0740023."""
    match = _POINT.match(text)
    assert match is not None
    sign, degrees, minutes, seconds = match.groups()
    size = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return -size if sign == "-" else size


def _offsets(zone: str) -> list[int]:
    with (resources.files("tzdata") / "zoneinfo").joinpath(*zone.split("/")).open("rb") as file:
        clock = ZoneInfo.from_file(file)
    found = set()
    for moment in _MONTHS:
        offset = moment.astimezone(clock).utcoffset()
        assert offset is not None
        found.add(int(offset.total_seconds() // 60))
    return sorted(found)


def _distances(zones: tuple[tuple[str, tuple[float, float], str], ...]) -> Iterator[tuple[object, ...]]:
    import numpy as np

    countries = sorted({country for country, _, _ in zones})
    latitude = np.radians([position[0] for _, position, _ in zones])
    longitude = np.radians([position[1] for _, position, _ in zones])
    vectors = np.stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], axis=1
    )
    kilometres = _EARTH_KM * np.arccos(np.clip(vectors @ vectors.T, -1.0, 1.0))
    owner = np.array([countries.index(country) for country, _, _ in zones])
    nearest = np.full((len(countries), len(countries)), math.inf)
    np.minimum.at(nearest, (owner[:, None], owner[None, :]), kilometres)
    neighbours = {
        pair for first, *others in map(str.split, _lines("land_borders.txt")) for pair in _pairs(first, others)
    }
    for row, country in enumerate(countries):
        for column, other in enumerate(countries):
            if row != column:
                yield country, other, 0 if (country, other) in neighbours else int(nearest[row, column])


def _pairs(first: str, others: list[str]) -> Iterator[tuple[str, str]]:
    for other in others:
        yield first, other
        yield other, first


def _operations() -> set[tuple[str, str]]:
    """(operation, meaning); names that a publisher writes in mixed letters also in small and in capital ones."""
    found = set()
    for line in _lines("operations.tsv"):
        operation, meaning = line.split("\t")
        mixed = "/" in operation or " " in operation
        found |= {
            (name, meaning) for name in (operation, operation.lower(), operation.upper()) if mixed or name == operation
        }
    return found


def _lines(name: str) -> list[str]:
    """The lines of a data file of this room, without remarks."""
    text = (resources.files("vedette.detections") / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
