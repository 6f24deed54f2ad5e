"""The shapes of a matching API that clients know already (yente's): query by example in, scored entities out.

Entities are in FollowTheMoney's words. Nationality, birthplace and gender may be sent and are never read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vedette.base import Json, NameQuality, Party, PartyKind, parse_time
from vedette.screening.model import Feature, Match, Outcome, ScreeningError
from vedette.screening.parties import entity
from vedette.watchlists import Listing, ListVersion

#: What this service calls its way of matching.
ALGORITHM = "vedette"
#: Names by which clients ask for other services' algorithms: accepted, told apart in a note.
FOREIGN = frozenset(
    ("best", "default", "logic-v1", "logic-v2", "name-based", "name-qualified", "ofac", "regression-v1", "er-unstable")
)
MOST_QUERIES, MOST_RESULTS, USUAL_RESULTS = 100, 500, 5
_MOST_EXCLUDED = 50
_ANY = ("Thing", "LegalEntity")
_SCHEMATA = {
    PartyKind.PERSON: "Person",
    PartyKind.ORGANIZATION: "Organization",
    PartyKind.VESSEL: "Vessel",
    PartyKind.AIRCRAFT: "Airplane",
    PartyKind.UNKNOWN: "LegalEntity",
}
_KNOWN_SCHEMATA = frozenset((*_SCHEMATA.values(), *_ANY, "Company", "PublicBody"))
_NAME_PARTS = ("firstName", "secondName", "middleName", "fatherName", "motherName", "lastName")
_NAMES = {NameQuality.PRIMARY: "name", NameQuality.STRONG: "alias", NameQuality.WEAK: "weakAlias"}
_IDENTIFIERS = {
    "passport": "passportNumber",
    "national_id": "idNumber",
    "drivers_licence": "idNumber",
    "registration": "registrationNumber",
    "tax": "taxNumber",
    "lei": "leiCode",
    "uei": "uniqueEntityId",
    "duns": "dunsCode",
    "swift": "swiftBic",
    "imo": "imoNumber",
    "mmsi": "mmsi",
    "call_sign": "callSign",
    "tail_number": "registrationMark",
    "msn": "serialNumber",
    "email": "email",
    "phone": "phone",
    "wallet": "publicKey",
}
#: Features as this API names them, with what each says and the share of the score that it moves at most.
FEATURES: Mapping[str, tuple[str, float]] = {
    "name": ("How alike the names are, in any script and spelling, weighed by how rare they are.", 0.96),
    "birth_date_agrees": ("The birth date agrees, whole or as far as it is known.", 0.7),
    "birth_date_differs": ("The birth date is another.", -0.5),
    "country_agrees": ("A country of residence, seat or registration agrees.", 0.1),
    "country_differs": ("The countries of residence, seat or registration are others.", -0.14),
    "address_agrees": ("The street or town agrees.", 0.3),
    "website_agrees": ("The website is the listed one.", 0.6),
    "kind_differs": ("One is a person, a vessel or an aircraft and the other is not.", -0.4),
    "identifier_agrees": ("A document, company number, wallet, e-mail, phone or register number agrees.", 0.9),
    "identifier_differs": ("A number of the same kind and issuer is another.", -0.25),
}
_FIELDS = frozenset(("birth_date", "country", "address", "website", "kind"))


@dataclass(frozen=True, slots=True)
class Example:
    """One party as a client describes it. ``party`` is None where nothing could be screened; ``problem`` says why."""

    schema: str
    properties: Mapping[str, Sequence[str]]
    party: Party | None
    problem: str = ""
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """The query as understood."""
        return {"id": None, "schema": self.schema, "properties": {k: list(v) for k, v in self.properties.items()}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a client wants to be answered. Scores are 0..1; empty collections set no condition."""

    threshold: float = 0.7
    cutoff: float = 0.5
    limit: int = USUAL_RESULTS
    topics: frozenset[str] = frozenset()
    exclude_schema: frozenset[str] = frozenset()
    exclude_entity_ids: frozenset[str] = frozenset()
    changed_since: datetime | None = None

    @property
    def least(self) -> float:
        """The score from which an entity is returned."""
        return min(self.cutoff, self.threshold)


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing with the version of the list in which it stands, and when this form of it was first loaded."""

    listing: Listing
    version: ListVersion
    changed_at: str

    @property
    def id(self) -> str:
        """Unique over all lists: a FollowTheMoney id as it is, any other with its list before it."""
        return prefix(self.version) + self.listing.entity_id

    @property
    def schema(self) -> str:
        """The FollowTheMoney schema of the party."""
        return _SCHEMATA[self.listing.party.kind]


def prefix(version: ListVersion) -> str:
    """What stands before a publisher's own number in the ids of a list; nothing where ids are FollowTheMoney's already."""
    return "" if version.source_id.startswith("xx_any_") else f"{version.list_id}-"


def read_queries(body: Any) -> dict[str, Example]:
    """The examples of a request by their names. Raises ScreeningError where the request is none."""
    queries = body.get("queries") if isinstance(body, Mapping) else None
    if not isinstance(queries, Mapping) or not queries:
        raise ScreeningError(
            "no queries are given", remedy='Send {"queries": {"q1": {"schema": "Person", "properties": {...}}}}'
        )
    if len(queries) > MOST_QUERIES:
        raise ScreeningError("too many queries in one batch", remedy=f"Send at most {MOST_QUERIES}")
    return {str(name): _example(given, number) for number, (name, given) in enumerate(queries.items(), start=1)}


def excluded_in(body: Mapping[str, Any]) -> frozenset[str]:
    """Entity ids that the body itself asks to leave out."""
    return bounded(body.get("exclude_entity_ids", ()))


def bounded(ids: Any) -> frozenset[str]:
    """Ids to leave out. Raises ScreeningError for too many, or for what is no list of texts."""
    if not isinstance(ids, list | tuple) or not all(isinstance(item, str) for item in ids):
        raise ScreeningError("exclude_entity_ids must be a list of texts", remedy="Send ids of earlier answers")
    if len(ids) > _MOST_EXCLUDED:
        raise ScreeningError("too many ids to exclude", remedy=f"Send at most {_MOST_EXCLUDED}")
    return frozenset(ids)


def _example(given: Any, number: int) -> Example:
    properties = given.get("properties") if isinstance(given, Mapping) else None
    schema = given.get("schema") if isinstance(given, Mapping) else None
    if not isinstance(properties, Mapping) or not isinstance(schema, str):
        raise ScreeningError(f"query {number} lacks schema or properties", remedy="Send both for every query")
    if schema not in _KNOWN_SCHEMATA:
        known = ", ".join(sorted(_KNOWN_SCHEMATA))
        raise ScreeningError(f"query {number} has a schema that is no party", remedy=f"Schemata are {known}")
    return example(schema, properties)


def example(schema: str, properties: Mapping[str, Any]) -> Example:
    """One example, its name parts put together."""
    texts = {str(name): _texts(values) for name, values in properties.items()}
    parts = [" ".join(text for part in _NAME_PARTS for text in texts.get(part, ()))] if "name" not in texts else []
    whole = {**texts, "name": [*texts.get("name", ()), *(part for part in parts if part)]}
    asked = entity({"id": "query", "schema": _ANY[1] if schema in _ANY else schema, "properties": whole}, 1)
    problem = "" if asked.party else "the query holds no name and no identifier, so nothing was screened"
    return Example(schema, texts, asked.party, problem, asked.notes)


def _texts(values: Any) -> list[str]:
    many = values if isinstance(values, list) else [values]
    return [str(value) for value in many if isinstance(value, str | int | float) and not isinstance(value, bool)]


def algorithm_note(name: str) -> str:
    """What a client that asked for another algorithm is told; empty for this one. Raises ScreeningError."""
    if name == ALGORITHM:
        return ""
    if name in FOREIGN:
        return f"this service matches by its own algorithm, {ALGORITHM}; scores differ from those of others"
    raise ScreeningError("no algorithm of that name is known", remedy=f"Ask for {ALGORITHM}, or leave it out")


def wanted(entry: Entry, wish: Wish) -> bool:
    """Whether an entry may be answered with."""
    return (
        not {entry.id, entry.listing.entity_id} & wish.exclude_entity_ids
        and entry.schema not in wish.exclude_schema
        and (not wish.topics or bool(wish.topics & set(entry.listing.topics)))
        and (wish.changed_since is None or parse_time(entry.changed_at) >= wish.changed_since)
    )


def answer(given: Example, found: Iterable[tuple[Match, Entry]], wish: Wish) -> dict[str, Json]:
    """The answer to one query. Its status is 400 where nothing was screened: an empty result then says nothing."""
    kept = [scored(match, entry, wish.threshold) for match, entry in found]
    shown: dict[str, Json] = {
        "status": 200 if given.party else 400,
        "results": kept[: wish.limit],
        "total": {"value": len(kept), "relation": "eq"},
        "query": given.as_json(),
    }
    notes = [*given.notes, *([given.problem] if given.problem else [])]
    return {**shown, "notes": notes} if notes else shown


def scored(match: Match, entry: Entry, threshold: float) -> dict[str, Json]:
    """An entity with its score, and what each feature contributed."""
    explained = explanations(match)
    return {
        **shown(entry),
        "score": round(match.score, 4),
        "features": {name: part["score"] for name, part in explained.items()},
        "explanations": explained,
        "match": match.score >= threshold,
        "level": match.level.value,
        "bits": round(match.bits, 2),
        "obligation": match.obligation,
    }


def explanations(match: Match) -> dict[str, dict[str, Json]]:
    """Every feature that spoke, by the names of ``FEATURES``."""
    found: dict[str, dict[str, Json]] = {
        "name": {
            "score": round(match.name_score, 4),
            "detail": "; ".join(match.explanation),
            "query": None,
            "candidate": match.name,
        }
    }
    for feature in match.features:
        if feature.outcome is not Outcome.ABSENT:
            found[_feature_name(feature)] = _explained(feature)
    return found


def _feature_name(feature: Feature) -> str:
    what = feature.field if feature.field in _FIELDS else "identifier"
    return f"{what}_{'differs' if feature.outcome is Outcome.DIFFERS else 'agrees'}"


def _explained(feature: Feature) -> dict[str, Json]:
    score = 0.5 if feature.outcome is Outcome.NEARLY else 1.0
    return {"score": score, "detail": f"{feature.text} ({feature.bits:+.0f} bits)", "query": None, "candidate": None}


def shown(entry: Entry) -> dict[str, Json]:
    """A listed party as a FollowTheMoney entity with the API's metadata."""
    listing, version = entry.listing, entry.version
    names = listing.party.names
    return {
        "id": entry.id,
        "caption": names[0].text if names else listing.entity_id,
        "schema": entry.schema,
        "properties": properties(listing),
        "datasets": [version.list_id],
        "referents": [listing.entity_id] if entry.id != listing.entity_id else [],
        "target": True,
        "first_seen": f"{listing.listed_on.isoformat()}T00:00:00Z" if listing.listed_on else None,
        "last_seen": version.loaded_at,
        "last_change": entry.changed_at,
    }


def properties(listing: Listing) -> dict[str, Json]:
    """A listed party's facts as FollowTheMoney properties; those without a value are left out."""
    party = listing.party
    found: dict[str, list[str]] = {}
    for name in party.names:
        found.setdefault(_NAMES[name.quality], []).append(name.text)
    for identifier in party.identifiers:
        found.setdefault(_IDENTIFIERS.get(identifier.kind, "idNumber"), []).append(identifier.value)
    found["birthDate"] = list(party.birth_dates)
    found["country"] = [code.lower() for code in party.countries]
    found["address"] = [address.text for address in party.addresses]
    found["website"] = list(party.websites)
    found["programId"] = list(listing.programmes)
    found["topics"] = list(listing.topics)
    found["notes"] = [listing.remarks] if listing.remarks else []
    return {name: list(dict.fromkeys(values)) for name, values in found.items() if values}


def documents() -> dict[str, Json]:
    """What each feature means, as the ``matcher`` of an answer."""
    return {
        name: {"description": text, "coefficient": coefficient, "url": "docs/how-to/http-api.md"}
        for name, (text, coefficient) in FEATURES.items()
    }


def algorithms() -> dict[str, Json]:
    """The one algorithm there is."""
    description = (
        "Reads names in many scripts, weighs them by rarity, and lets every further field speak for or against. "
        "A name alone never reaches 1."
    )
    docs: dict[str, Json] = {"name": ALGORITHM, "description": description, "config": {}, "features": documents()}
    one: dict[str, Json] = {"name": ALGORITHM, "description": description, "features": documents(), "docs": docs}
    return {"algorithms": [one], "default": ALGORITHM, "best": ALGORITHM}


@dataclass(frozen=True, slots=True)
class Dataset:
    """A list in force, or a collection of several, as the catalogue names it."""

    name: str
    title: str
    summary: str
    version: str
    children: tuple[str, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict)

    def as_json(self) -> dict[str, Json]:
        """The catalogue's form."""
        return {
            "name": self.name,
            "title": self.title,
            "summary": self.summary,
            "url": None,
            "load": True,
            "entities_url": None,
            "version": self.version,
            "index_version": self.version,
            "index_current": True,
            "children": list(self.children),
            **self.facts,
        }


def facets(entries: Collection[Entry]) -> dict[str, Json]:
    """How many of the entries bear each topic, country and list."""
    return {
        "topics": _facet("Topics", (topic for entry in entries for topic in entry.listing.topics)),
        "countries": _facet("Countries", (code.lower() for entry in entries for code in entry.listing.party.countries)),
        "datasets": _facet("Data sources", (entry.version.list_id for entry in entries)),
    }


def _facet(label: str, values: Iterator[str]) -> Json:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    items = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {"label": label, "values": [{"name": name, "label": name, "count": count} for name, count in items]}
