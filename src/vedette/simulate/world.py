"""The provider while it is being invented: members, what they use, how they pay; no file is touched here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from unicodedata import normalize

from vedette.simulate.model import Plan
from vedette.simulate.network import Network
from vedette.simulate.places import Place, agents, name_pools, native_form, place, places, words

DAY = 86_400
HISTORY_DAYS = (-200, -170, -150, -130)
"""Days before the start on which dormant customers were last seen; few, so that few days of the lake are touched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch in which one member signs in the same way. ``count`` 0 means "by the member's rate".

    The clock is the zone in which the person lives the day; ``zone`` is what the browser reports. With ``daily`` one
    address serves a whole day, as through a VPN.
    """

    member: int
    start: int
    end: int
    ips: tuple[str, ...]
    devices: tuple[str, ...]
    zone: str
    clock: str
    locale: str
    user: str
    rate: float = 1.0
    count: int = 0
    centre: float = 13.5
    spread: float = 3.2
    api: float = 0.2
    daily: bool = False
    planted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """A way in which one member pays in a stretch of time."""

    member: int
    instrument: str
    kind: str
    payer: str
    country: str
    currency: str
    start: int
    end: int
    wallet: str = ""
    planted: bool = False


@dataclass(slots=True)
class Member:
    """One account in the making; ``row`` holds its columns, ``evidence`` the times of planted facts about it."""

    index: int
    row: dict[str, str]
    place: Place
    zone: str
    group: str
    opened: int
    begins: int
    ends: int
    rate: float
    device: str
    kind: str = ""
    actor: str = ""
    evasive: bool = False
    evidence: list[int] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The account id."""
        return self.row["account_id"]


class World:
    """Everything invented so far, and the means to invent more. All chance comes from the plan's seed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.random = Random(plan.seed)
        self.network = Network(self.random)
        midnight = datetime(plan.start.year, plan.start.month, plan.start.day, tzinfo=UTC)
        self.start = int(midnight.timestamp())
        self.end = self.start + plan.days * DAY
        self.members: list[Member] = []
        self.phases: list[Phase] = []
        self.fundings: list[Funding] = []
        self.owners: list[dict[str, str]] = []
        self.keys: list[dict[str, str]] = []
        self.allocations: list[dict[str, str]] = []
        self.agent: dict[str, str] = {}
        self._numbers = self.random.sample(range(1, plan.accounts + 1), plan.accounts)
        self._weights = [each.weight for each in places()]
        self._mails: set[str] = set()
        self._phones = 0
        self._area_phones = 0

    def chance(self, share: float) -> bool:
        """True in that share of calls."""
        return self.random.random() < share

    def some_place(self, among: Sequence[str] = ()) -> Place:
        """A country drawn by its share of customers, or evenly among the given ones."""
        if among:
            return place(self.random.choice(among))
        return self.random.choices(places(), self._weights)[0]

    def person(self, at: Place) -> str:
        """An invented name in use there; one in four comes from anywhere, as people do."""
        source = self.some_place() if self.chance(0.25) else at
        given, family = name_pools()[source.country]
        middle = f" {self.random.choice('ABCDEFGHJKLMNPRSTVW')}." if self.chance(0.4) else ""
        return f"{self.random.choice(given)}{middle} {self.random.choice(family)}"

    def company(self) -> str:
        """An invented firm."""
        parts = [self.random.choice(words(f"company_{part}")) for part in ("first", "second", "suffix")]
        return " ".join(parts)

    def address(self, at: Place) -> str:
        """An invented street address in an invented town."""
        street = self.random.choice(words("street"))
        return f"{self.random.randint(1, 240)} {street} Street; {self.random.choice(at.cities)}"

    def mail(self, name: str, domain: str = "") -> str:
        """A fresh address under a reserved domain."""
        ascii_name = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        stem = ".".join(part.strip(".") for part in ascii_name.split()[:3]) or "user"
        where = domain or self.random.choice(words("mail_domain"))
        found = f"{stem}@{where}"
        while found in self._mails:
            found = f"{stem}{self.random.randint(2, 99_999)}@{where}"
        self._mails.add(found)
        return found

    def phone(self, at: Place, area: str = "") -> str:
        """A fresh number in E.164; in North America from the range kept for fiction, elsewhere invented."""
        self._phones += 1
        if at.dial == "1":
            code = area or str(201 + (self._phones // 100) % 640)
            line = self._phones % 100 + 100 * (self._phones // 64_000 % 90)
            if area:
                self._area_phones += 1
                line = self._area_phones % 9_000
            return f"+1{code}555{100 + line:04d}"
        return f"+{at.dial}55{self._phones * 7919 % 10_000_000:07d}"

    def code(self, label: str, digits: int = 12) -> str:
        """A fresh opaque code such as ``d-3f...``."""
        return f"{label}-{self.random.getrandbits(digits * 4):0{digits}x}"

    def new_device(self) -> str:
        """A fresh device with its browser."""
        device = self.code("d")
        self.agent[device] = self.random.choice(agents("browser"))
        return device

    def when(self, since: int, until: int) -> int:
        """A moment in the stretch, in seconds since 1970."""
        return self.random.randrange(since, max(until, since + 1))

    def stamp(self, moment: int) -> str:
        """ISO 8601 in UTC."""
        return (datetime.fromtimestamp(moment, UTC)).isoformat().replace("+00:00", "Z")

    def opening(self, fresh: float = 0.15) -> int:
        """When an account was opened: up to three years back, or with share ``fresh`` within the plan."""
        if self.chance(fresh):
            return self.when(self.start, self.end - 5 * DAY)
        return self.start - int(3 * 365 * DAY * self.random.random() ** 1.5) - DAY

    def join(self, group: str, at: Place | None = None, **facts: Any) -> Member:
        """Open an account. ``facts`` may set name, kind, opened, device and any column of the account."""
        at = at or self.some_place()
        kind = facts.pop("kind", "person")
        opened = facts.pop("opened", None) or self.opening()
        name = facts.pop("name", None) or (self.company() if kind == "organization" else self.person(at))
        device = facts.pop("device", None) or self.new_device()
        zone = self.random.choice(at.zones)
        row = self._row(kind, name, at, zone, opened, device)
        row.update({key: str(value) for key, value in facts.items()})
        ends = self.end
        if not facts and self.chance(0.02):
            ends = self.when(max(opened, self.start), self.end)
            row.update(closed_at=self.stamp(ends), status="closed")
        begins = max(opened, self.start)
        rate = min(self.random.lognormvariate(0.0, 0.7), 6.0)
        index = len(self.members)
        member = Member(index, row, at, zone, group, opened, begins, ends, rate, device)
        self.members.append(member)
        return member

    def _row(self, kind: str, name: str, at: Place, zone: str, opened: int, device: str) -> dict[str, str]:
        number = self._numbers[len(self.members)]
        held = self.chance
        secret = hashlib.sha256(f"{self.plan.seed}:{number}".encode()).hexdigest()
        birth = datetime(1960, 1, 1, tzinfo=UTC) + timedelta(days=self.random.randrange(0, 16_000))
        is_person = kind == "person"
        has_document = is_person and held(0.8)
        return {
            "account_id": f"a-{number:06d}",
            "opened_at": self.stamp(opened),
            "closed_at": "",
            "status": "active",
            "kind": kind,
            "name": name,
            "name_native": native_form(name, at.country) if held(0.7) else "",
            "email": self.mail(name),
            "phone": self.phone(at) if held(0.8) else "",
            "country": at.country,
            "address": self.address(at) if held(0.85) else "",
            "birth_date": birth.date().isoformat() if is_person and held(0.75) else "",
            "registration_number": "" if is_person else self.code("R", 8).upper(),
            "website": "" if is_person else f"https://{name.split()[0].lower()}-{number}.example",
            "declared_purpose": self.random.choice(_PURPOSES) if held(0.9) else "",
            "declared_timezone": zone if held(0.85) else "",
            "signup_ip": "",
            "signup_device_id": device if held(0.92) else "",
            "signup_user_agent": self.agent.get(device, "") if held(0.92) else "",
            "referrer_account_id": "",
            "reseller_id": "",
            "id_document_type": self.random.choice(("passport", "national_id", "driving_licence"))
            if has_document
            else "",
            "id_document_country": at.country if has_document else "",
            "id_document_hash": secret if has_document else "",
            "verification_status": self.random.choices(("verified", "pending", "unverified"), (80, 10, 10))[0],
        }

    def act(self, member: Member, ips: Sequence[str], devices: Sequence[str] | None = None, **how: Any) -> Phase:
        """Let a member sign in over a stretch; unsaid things follow from the member."""
        facts: dict[str, Any] = {
            "start": member.begins,
            "end": member.ends,
            "zone": member.zone,
            "clock": member.zone,
            "locale": member.place.locale,
            "user": f"u-{member.id[2:]}",
            "rate": member.rate,
        }
        facts.update(how)
        used = (member.device,) if devices is None else tuple(devices)
        phase = Phase(member=member.index, ips=tuple(ips), devices=used, **facts)
        self.phases.append(phase)
        if not member.row["signup_ip"] and self.chance(0.92):
            member.row["signup_ip"] = phase.ips[0]
        return phase

    def pay(self, member: Member, **how: Any) -> Funding:
        """Let a member pay over a stretch; unsaid things follow from the member."""
        kind = how.get("kind") or self.random.choices(_MEANS, (60, 15, 5, 10, 10))[0]
        facts: dict[str, Any] = {
            "instrument": self.code("i"),
            "payer": "" if self.chance(0.05) else member.row["name"],
            "country": member.place.country,
            "currency": member.place.currency,
            "start": member.begins,
            "end": member.ends,
            "wallet": f"0x{self.random.getrandbits(160):040x}" if kind == "crypto" else "",
        }
        facts.update(how)
        facts["kind"] = kind
        funding = Funding(member=member.index, **facts)
        self.fundings.append(funding)
        return funding

    def key(self, member: Member, moment: int, fingerprint: str = "", kind: str = "ssh") -> str:
        """Register a key of a member; the fingerprint is fresh unless given."""
        fingerprint = fingerprint or f"SHA256:{self.random.getrandbits(256):064x}"
        row = {"account_id": member.id, "time": self.stamp(moment), "kind": kind, "fingerprint": fingerprint}
        self.keys.append(row)
        return fingerprint

    def own(self, member: Member, name: str, **facts: str) -> str:
        """Give an organisation an owner; returns the owner's id."""
        owner_id = f"o-{len(self.owners) + 1:06d}"
        row = {"account_id": member.id, "owner_id": owner_id, "owner_name": name, "owner_kind": "person"}
        row.update(facts)
        self.owners.append(row)
        return owner_id

    def compute(self, member: Member, start: int, hours: float, shape: tuple[int, str, int], region: str) -> None:
        """Allocate accelerators: shape is nodes, model, accelerators a node."""
        nodes, model, gpus = shape
        self.allocations.append(
            {
                "job_id": f"j-{len(self.allocations) + 1:06d}",
                "account_id": member.id,
                "started_at": self.stamp(start),
                "ended_at": self.stamp(start + int(hours * 3600)),
                "node_count": str(nodes),
                "gpu_model": model,
                "gpu_count": str(gpus),
                "region": region,
            }
        )

    def mark(self, members: Sequence[Member], kind: str, actor: str, evasive: bool) -> None:
        """Say that these accounts are one planted actor."""
        for member in members:
            member.kind, member.actor, member.evasive, member.group = kind, actor, evasive, ""


def columns(rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The columns of rows, in the order in which they first appear."""
    return tuple(dict.fromkeys(key for row in rows for key in row))


_MEANS = ("card", "bank", "crypto", "invoice", "credit")
_PURPOSES = (
    "web hosting",
    "software testing",
    "data analysis",
    "machine learning research",
    "game servers",
    "student project",
    "rendering",
    "backup and storage",
    "company website",
    "scientific simulation",
)
