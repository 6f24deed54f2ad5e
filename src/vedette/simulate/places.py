"""Countries of the invented provider, with the invented towns, time zones, dialling codes and words used there."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Place:
    """One country; ``weight`` is its share of customers in thousandths, roughly."""

    country: str
    weight: int
    zones: tuple[str, ...]
    dial: str
    currency: str
    locale: str
    cities: tuple[str, ...]


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("vedette.simulate") / "data" / name).read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@cache
def places() -> tuple[Place, ...]:
    """Every country, in a fixed order that also numbers its address blocks."""
    return tuple(
        Place(
            row["country"],
            int(row["weight"]),
            tuple(row["zones"].split("|")),
            row["dial"],
            row["currency"],
            row["locale"],
            tuple(row["cities"].split("|")),
        )
        for row in _rows("places.csv")
    )


@cache
def place(country: str) -> Place:
    """The country of that ISO code. Raises KeyError."""
    return {each.country: each for each in places()}[country]


@cache
def name_pools() -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Given and family names in use in each country, joined where a country stands in several rows."""
    pools: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for row in _rows("names.csv"):
        for country in row["countries"].split():
            given, family = pools.get(country, ((), ()))
            pools[country] = (given + tuple(row["given"].split()), family + tuple(row["family"].split()))
    return pools


@cache
def words(kind: str) -> tuple[str, ...]:
    """The invented words of a kind, such as ``company_first``."""
    return next(tuple(row["words"].split()) for row in _rows("words.csv") if row["kind"] == kind)


@cache
def agents(kind: str) -> tuple[str, ...]:
    """User-agent strings of a kind: browser, api or ssh."""
    return tuple(row["agent"] for row in _rows("agents.csv") if row["kind"] == kind)


@cache
def _native() -> Mapping[tuple[str, str], str]:
    return {(row["country"], row["latin"]): row["native"] for row in _rows("native.csv")}


def native_form(name: str, country: str) -> str:
    """The name as it is written in that country, where both its parts are known there; else empty."""
    parts = [_native().get((country, part), "") for part in name.split()]
    if len(parts) != 2 or not all(parts):
        return ""
    given, family = parts
    return f"{given} {family}" if country == "RU" else f"{family}{given}"
