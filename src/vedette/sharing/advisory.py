"""The advisory of a month: ways of working that at least five closed cases confirm, told to three audiences, naming nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files

from vedette import cases, detections, policy
from vedette.base import Clock, ContentError, Json, Record, VedetteError, iso, read_record, unique
from vedette.cases.model import SETTLED, Outcome
from vedette.cases.store.samples import final_decisions
from vedette.detections.model import Rule
from vedette.documents import Block, Bullets, Document, Heading, Paragraph, Table
from vedette.findings import by_ids
from vedette.store import Store


class AdvisoryError(VedetteError):
    """A month that cannot be told, or content that would tell too much."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a text is for, how it begins and ends, and the words of policy rules that concern it."""

    id: str
    title: str
    opening: str
    closing: str
    laws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """What the public texts say about a family of cases."""

    id: str
    name: str
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Content:
    """The texts that ship with the program, and how many cases must stand behind what is told."""

    least_cases: int
    audiences: tuple[Audience, ...]
    families: Mapping[str, Family]


@dataclass(frozen=True, slots=True)
class Typology:
    """A family or a rule, and at least how many cases confirm it: told in steps of five, so that months cannot be subtracted."""

    id: str
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What may be told of a month. ``held_back`` counts the families and rules that too few cases confirm."""

    month: str
    families: tuple[Typology, ...]
    rules: tuple[Typology, ...]
    held_back: int

    def as_json(self) -> dict[str, Json]:
        """The form printed."""
        return {
            "month": self.month,
            "families": [{"family": item.id, "at_least": item.cases} for item in self.families],
            "rules": [{"rule": item.id, "at_least": item.cases} for item in self.rules],
            "held_back": self.held_back,
        }


@cache
def content() -> Content:
    """The texts that ship with the program."""
    return read_content((files("vedette.sharing") / "advisory.yml").read_text("utf-8"), "sharing/advisory.yml")


def read_content(text: str, file: str) -> Content:
    """Parse strictly. Raises ContentError naming file and line; fewer than five cases are never enough."""
    record = read_record(text, file)
    for name in ("caption", "why"):
        record.take_text(name)
    record.take_day("checked_on")
    record.take_texts("citation")
    place = record.place("least_cases")
    least = record.take_int("least_cases")
    audiences = tuple(_audience(item) for item in record.take_records("audiences"))
    found = [(_family(item), item.place()) for item in record.take_records("families")]
    record.finish()
    unique(((item.id, where) for item, where in found), "family")
    if least < 5:
        raise ContentError("fewer than five cases would make somebody recognisable", place=place, remedy="5 or more")
    return Content(least, audiences, {item.id: item for item, _ in found})


def _audience(record: Record) -> Audience:
    texts = {name: record.take_text(name) for name in ("id", "title", "opening", "closing")}
    made = Audience(**texts, laws=record.take_texts("laws"))
    record.finish()
    return made


def _family(record: Record) -> Family:
    identity, name = record.take_text("family"), record.take_text("name")
    told = {audience: record.take_text(audience) for audience in ("customers", "organisers")}
    record.finish()
    return Family(identity, name, told)


def gather(store: Store, month: str, *, now: datetime) -> Month:
    """What closed cases of a month confirm. A case counts in the month of its decision, once for each family and rule.

    Only cases that stand decided as true, and whose month is over, count. Raises AdvisoryError for any other month.
    """
    start, end = _span(month, now)
    settled = {case.case_id: case for case in cases.list_cases(store, SETTLED, now=now)}
    with store.database.reading() as connection:
        made = [item for item in final_decisions(connection) if item.outcome is Outcome.TRUE]
    families: dict[str, set[str]] = {}
    rules: dict[str, set[str]] = {}
    for decision in made:
        case = settled.get(decision.case_id)
        if case is None or case.decision_id != decision.decision_id or not start <= decision.decided_at < end:
            continue
        # Cases of one customer count once: five cases of one are one recognisable customer.
        who = min(case.accounts, default=case.case_id)
        for stored in by_ids(store, decision.findings):
            families.setdefault(stored.finding.family, set()).add(who)
            rules.setdefault(stored.finding.check, set()).add(who)
    shown = _enough(families, content().families)
    known = _enough(rules, {rule.id: rule for rule in detections.rules()})
    return Month(
        month=month, families=shown, rules=known, held_back=len(families) + len(rules) - len(shown) - len(known)
    )


def _span(month: str, now: datetime) -> tuple[datetime, datetime]:
    try:
        start = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        raise AdvisoryError("is no month", remedy="Write it as 2026-11") from None
    end = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    if end > now:
        raise AdvisoryError("the month is not over", remedy="Of a running month, two advisories could be subtracted")
    return start, end


def _enough(found: Mapping[str, set[str]], known: Mapping[str, object]) -> tuple[Typology, ...]:
    least = content().least_cases
    kept = [(name, len(who) // least * least) for name, who in found.items() if len(who) >= least and name in known]
    return tuple(Typology(name, count) for name, count in sorted(kept, key=lambda item: (-item[1], item[0])))


def write(month: Month, audience: Audience, *, house: str, home: str, clock: Clock) -> Document | None:
    """The text for one audience; None where there is nothing that may be told."""
    told = month.rules if audience.id == "staff" else month.families
    if not told:
        return None
    values = {"house": house, "month": month.month}
    blocks: list[Block] = [Paragraph(audience.opening.format(**values))]
    blocks += _staff(told) if audience.id == "staff" else _public(told, audience.id)
    blocks += _laws(audience, home, clock.now().date())
    blocks += [
        Paragraph(audience.closing),
        Paragraph(
            f"Told are ways of working that at least {content().least_cases} customers' closed cases confirm, in steps of "
            f"{content().least_cases}. No entry here does not mean that nothing happens.",
            note=True,
        ),
    ]
    title = f"{audience.title}: {month.month}"
    return Document(title=title, blocks=tuple(blocks), made_at=iso(clock.now().replace(microsecond=0)))


def _public(told: Sequence[Typology], audience: str) -> Iterator[Block]:
    for item in told:
        family = content().families[item.id]
        yield Heading(family.name, 2)
        yield Paragraph(family.told[audience])


def _staff(told: Sequence[Typology]) -> Iterator[Block]:
    rules: dict[str, Rule] = {rule.id: rule for rule in detections.rules()}
    for item in told:
        rule = rules[item.id]
        yield Heading(rule.title, 2)
        yield Paragraph(f"{_plain(rule.caption)} (at least {item.cases} customers)")
        yield Bullets(
            (
                f"Honest customers like this: {_plain(rule.honest_customer)}",
                f"Look next: {_plain(rule.next_step)}",
                f"Not seen: {_plain(rule.blind_spots)}",
            )
        )


def _laws(audience: Audience, home: str, on: date) -> Iterator[Block]:
    found = {rule.id: rule for word in audience.laws for rule in policy.applying(word, home, on)}
    if found:
        rows = tuple(
            (rule.title, rule.status.value, rule.source, _plain(policy.notice(rule, on))) for rule in found.values()
        )
        yield Heading("The rules in force", 2)
        yield Table(("Rule", "Kind", "Source", "Note"), rows)


def _plain(text: str) -> str:
    return " ".join(text.split())
