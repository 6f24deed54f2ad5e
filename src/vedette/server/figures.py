"""Figures about the service for monitoring: counted as requests end, and looked up when somebody asks."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from vedette import cases, watchlists
from vedette.audit.store import head_note
from vedette.base import VedetteError, parse_time
from vedette.cases.select import Selection
from vedette.cases.view import WAITING
from vedette.doors.web import Workplace
from vedette.server.store import counts

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Figures:
    """The figures of one process, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "vedette_http_requests", "Requests answered.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "vedette_http_request_seconds",
            "Seconds from a request to its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._up = Gauge("vedette_database_up", "1 where the state database answers.", registry=self._registry)
        self._waiting = Gauge("vedette_cases_undecided", "Cases that wait for a person.", registry=self._registry)
        self._age = Gauge(
            "vedette_list_age_seconds", "Seconds since a list was loaded.", ("list",), registry=self._registry
        )
        self._deliveries = Gauge(
            "vedette_outbox_deliveries", "Messages to other systems by state.", ("state",), registry=self._registry
        )
        self._log = Gauge("vedette_audit_leaves", "Entries of the audit log.", registry=self._registry)

    def observe(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count one answered request, by its route's pattern: an address asked for may name a customer."""
        known = route or "none"
        self._requests.labels(method if method in _METHODS else "?", known, str(status)).inc()
        self._seconds.labels(known).observe(seconds)

    def text(self, place: Workplace) -> bytes:
        """Every figure now, in Prometheus' text format. Where the database is away, that is a figure too."""
        try:
            self._look(place)
            self._up.set(1)
        except VedetteError:
            self._up.set(0)
        return generate_latest(self._registry)

    def _look(self, place: Workplace) -> None:
        now = place.clock.now()
        self._waiting.set(cases.view(place.store, Selection(status=WAITING), now=now, limit=1).total)
        for version in watchlists.current(place.store):
            self._age.labels(version.list_id).set((now - parse_time(version.loaded_at)).total_seconds())
        with place.store.database.reading() as connection:
            for name, count in counts(connection).items():
                self._deliveries.labels(name).set(count)
            note = head_note(connection)
        self._log.set(int(note.split("\n")[1]) if note else 0)
