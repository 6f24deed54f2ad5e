"""Practice for newcomers: simulated accounts as a reviewer meets them, the answer afterwards, and a score. Pure but for files.

Everything here is invented by ``simulate``. What is shown is what a provider holds; what is planted is kept for the answer.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from vedette import simulate
from vedette.base import ContentError, Record, read_record
from vedette.cases.read import content

_Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Exercise:
    """One simulated account: observations as a reviewer reads them, whether it is planted, and why."""

    account_id: str
    observed: tuple[str, ...]
    planted: bool
    evasive: bool
    lesson: str

    def right(self, answer: str) -> bool:
        """Whether an answer, ``true`` or ``false``, is what was planted; ``undetermined`` is right about evasive ones only."""
        return answer == ("true" if self.planted else "false") or (self.evasive and answer == "undetermined")


@dataclass(frozen=True, slots=True)
class Score:
    """How an exercise went. To accuse an honest customer is told apart from missing a planted one."""

    right: int
    of: int
    accused: int
    missed: int

    def sentence(self) -> str:
        """The result for people."""
        return f"{self.right} of {self.of} right. Honest customers accused: {self.accused}. Planted ones missed: {self.missed}."


def exercises(folder: Path, count: int, seed: int) -> list[Exercise]:
    """Make simulated cases in an empty folder: about half planted, the honest ones from groups that look odd."""
    made = simulate.write(folder / "export", simulate.Plan(accounts=200, days=30, seed=seed, events=5_000))
    held = {name: _rows(made.export / f"{name}.csv.gz") for name in ("accounts", "signins", "payments", "keys")}
    references = _rows(made.references)
    lessons = read_lessons(content("lessons.yml"), "cases/lessons.yml")
    truth = _rows(made.truth)
    chance = random.Random(seed)  # which exercise comes is no secret
    planted = [row for row in truth if row["planted"] == "true"]
    honest = [row for row in truth if row["planted"] == "false" and row["group"] != "ordinary"]
    half = min((count + 1) // 2, len(planted))
    drawn = chance.sample(planted, half) + chance.sample(honest, min(count - half, len(honest)))
    chance.shuffle(drawn)
    observe = _Observer(held, references)
    return [
        Exercise(
            row["account_id"],
            tuple(observe.of(row["account_id"])),
            row["planted"] == "true",
            row["evasive"] == "true",
            lessons[row["kind"] or row["group"]],
        )
        for row in drawn
    ]


def score(given: Sequence[tuple[Exercise, str]]) -> Score:
    """The score of exercises with the answers given."""
    return Score(
        sum(item.right(answer) for item, answer in given),
        len(given),
        sum(answer == "true" and not item.planted for item, answer in given),
        sum(answer == "false" and item.planted for item, answer in given),
    )


def read_lessons(text: str, file: str) -> dict[str, str]:
    """Parse the answers, one for every kind and group that ``simulate`` plants. Raises ContentError where one is missing."""
    record = read_record(text, file)
    record.take_text("caption")
    found = dict(_lesson(item) for item in record.take_records("lessons"))
    record.finish()
    missing = sorted({*simulate.KINDS, *simulate.GROUPS} - set(found))
    if missing:
        raise ContentError(f"no lesson for {missing[0]!r}", place=record.place(), remedy="Add one")
    return found


def _lesson(record: Record) -> tuple[str, str]:
    line = record.take_text("of"), record.take_text("text")
    record.finish()
    return line


def _rows(path: Path) -> list[_Row]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


class _Observer:
    """Tells what a provider holds about one account, in a reviewer's words."""

    def __init__(self, held: Mapping[str, Sequence[_Row]], references: Sequence[_Row]) -> None:
        self._held = {row["account_id"]: row for row in held["accounts"]}
        self._signins = _by_account(held["signins"])
        self._payments = _by_account(held["payments"])
        self._keys = _by_account(held["keys"])
        self._places = [(ip_address(row["start"]), ip_address(row["end"]), row) for row in references]
        self._sharers = {
            name: _sharers(rows, name)
            for rows, name in (
                (held["signins"], "device_id"),
                (held["payments"], "instrument_id"),
                (held["keys"], "fingerprint"),
                (held["accounts"], "phone"),
                (held["accounts"], "id_document_hash"),
                (held["accounts"], "website"),
            )
        }

    def of(self, account: str) -> Iterable[str]:
        """The observations, most general first."""
        row = self._held[account]
        yield f"{row['kind'] or 'customer'} from {row['country'] or 'an unstated country'}, opened {row['opened_at'][:10]}"
        yield f"declared purpose: {row['declared_purpose'] or 'none'}; declared zone: {row['declared_timezone'] or 'none'}"
        if row["phone"]:
            yield f"telephone beginning {row['phone'][:4]}"
        yield from self._moves(account)
        yield from self._shares(account)
        payers = Counter(item["payer_country"] for item in self._payments[account] if item["payer_country"])
        if payers:
            yield f"paid from {', '.join(sorted(payers))} by {len({p['payer_name'] for p in self._payments[account]})} payer(s)"
        for name, text in (("referrer_account_id", "referred by"), ("reseller_id", "customer of reseller")):
            if row[name]:
                yield f"{text} {row[name]}"

    def _moves(self, account: str) -> Iterable[str]:
        found = [self._place(item["ip"]) for item in self._signins[account] if item["ip"]]
        places = Counter(f"{row['country']} ({row['class']})" for row in found if row is not None)
        if places:
            told = ", ".join(f"{place} {count} times" for place, count in places.most_common(5))
            yield f"signs in from {told}"
        offsets = Counter(
            item["timezone_offset_minutes"] for item in self._signins[account] if item["timezone_offset_minutes"]
        )
        if offsets:
            yield f"clock of the browser, minutes east of UTC: {', '.join(value for value, _ in offsets.most_common(3))}"
        hours = Counter(int(item["time"][11:13]) for item in self._signins[account])
        if hours:
            yield f"busiest hours in UTC: {', '.join(f'{hour:02d}' for hour, _ in sorted(hours.most_common(4)))}"

    def _shares(self, account: str) -> Iterable[str]:
        words = {
            "device_id": "a machine",
            "instrument_id": "a means of payment",
            "fingerprint": "a key",
            "phone": "a telephone number",
            "id_document_hash": "an identity document",
            "website": "a website",
        }
        for name, text in words.items():
            others = {other for sharers in self._sharers[name].values() if account in sharers for other in sharers} - {
                account
            }
            if others:
                yield f"shares {text} with {len(others)} other account(s)"

    def _place(self, ip: str) -> _Row | None:
        address = ip_address(ip)
        for first, last, row in self._places:
            if first.version == address.version and int(first) <= int(address) <= int(last):
                return row
        return None


def _by_account(rows: Iterable[_Row]) -> defaultdict[str, list[_Row]]:
    found: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row["account_id"]].append(row)
    return found


def _sharers(rows: Iterable[_Row], name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        if row[name]:
            found.setdefault(row[name], set()).add(row["account_id"])
    return {value: accounts for value, accounts in found.items() if len(accounts) > 1}
