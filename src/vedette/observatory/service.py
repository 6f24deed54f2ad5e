"""The declared services that publications are fetched from, and the question put to one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from vedette.base import Place, Record, canonical_json, read_record, stable_id, unique
from vedette.observatory.model import ObservatoryError

_FILE = "services.yml"
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service: where it answers, the names of its parameters, and the paths of the next cursor and of the works."""

    id: str
    source: str
    url: str
    search: str
    filter: str
    size: str
    per_page: int
    per_second: float
    next: tuple[str, ...]
    items: tuple[str, ...]
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a service: a search, a filter, both or neither being refused; and whom the service may write to.

    Raises ObservatoryError for an address that must not be used or a question that asks for everything.
    """

    service: Service
    search: str = ""
    filter: str = ""
    mailto: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if not self.search.strip() and not self.filter.strip():
            raise ObservatoryError("a fetch needs a search or a filter", remedy="Give --search or --filter")
        if "@" not in self.mailto or any(letter.isspace() for letter in self.mailto):
            raise ObservatoryError(
                "services ask for an e-mail address to write to", remedy="Give --mailto you@example.org"
            )
        try:
            parts = urlsplit(self.address)
            host = parts.hostname or ""
        except ValueError:
            raise ObservatoryError("the address cannot be read", remedy="Give one like https://host/works") from None
        plain = parts.scheme == "http" and host in _LOOPBACK
        if not (parts.scheme == "https" or plain) or not host or parts.username or parts.query or parts.fragment:
            raise ObservatoryError(
                "is no https address without a query", place=Place(f"{parts.scheme}://{host}{parts.path}")
            )

    @property
    def address(self) -> str:
        """Where the question goes."""
        return self.url or self.service.url

    @property
    def id(self) -> str:
        """The same for the same question, whoever asks."""
        return stable_id("fetch", self.service.id, self.address, self.text)

    @property
    def text(self) -> str:
        """The question as it is kept: what a citable bundle names."""
        return canonical_json({"search": self.search, "filter": self.filter}).decode()

    def parameters(self, cursor: str) -> dict[str, str]:
        """The parameters of one page."""
        named = {self.service.search: self.search, self.service.filter: self.filter}
        return {
            **{name: text for name, text in named.items() if text.strip()},
            self.service.size: str(self.service.per_page),
            "cursor": cursor,
            "mailto": self.mailto,
        }


@lru_cache(maxsize=1)
def services() -> tuple[Service, ...]:
    """Every service, in the file's order. Raises ContentError naming the line."""
    record = read_record(files("vedette.observatory").joinpath(_FILE).read_text(encoding="utf-8"), _FILE)
    found = [(_service(item), item.place()) for item in record.take_records("services")]
    record.finish()
    unique(((item.id, place) for item, place in found), "service")
    return tuple(item for item, _ in found)


def service(name: str) -> Service:
    """The service of that name. Raises ObservatoryError listing what there is."""
    found = next((item for item in services() if item.id == name), None)
    if found is None:
        known = ", ".join(item.id for item in services())
        raise ObservatoryError(f"no service {name!r} is known", remedy=f"One of: {known}")
    return found


def _service(record: Record) -> Service:
    read = Service(
        id=record.take_text("id"),
        source=record.take_text("source"),
        url=record.take_text("url"),
        search=record.take_text("search"),
        filter=record.take_text("filter"),
        size=record.take_text("size"),
        per_page=record.take_int("per_page"),
        per_second=record.take_number("per_second"),
        next=record.take_texts("next"),
        items=record.take_texts("items"),
        citation=record.take_text("citation"),
    )
    record.finish()
    return read
