"""Three small exports as strangers send them: other files, column names, dates and numbers, for trying a mapping."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

WHICH = ("semicolon", "nested", "portal")
_CUSTOMERS = 60
_EVENTS = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Messy:
    """What was written: its files, and the customers that anybody should find in it."""

    which: str
    directory: Path
    files: tuple[Path, ...]
    planted: tuple[str, ...]


def messy(directory: Path, which: str, seed: int = 7) -> Messy:
    """Write one of the three exports and say whom it hides. Raises ValueError on another word.

    ``semicolon``: CSV with semicolons, days as 31.01.2026 14:05 in the local time of Berlin, amounts as 1.234,50.
    ``nested``: JSON lines with nested records, times in milliseconds, amounts as "1,234.50".
    ``portal``: a JSON array of users and CSV with days as 01/31/2026 02:05 PM (UTC), amounts as $1,234.50.
    """
    forms = {"semicolon": _semicolon, "nested": _nested, "portal": _portal}
    if which not in forms:
        raise ValueError(f"no messy export {which!r}; one of {', '.join(WHICH)}")
    directory.mkdir(parents=True, exist_ok=True)
    from vedette.simulate.export import NOTICE

    (directory / "SIMULATED.txt").write_text(NOTICE, "utf-8")
    customers, logins, bills, planted = _invent(seed + WHICH.index(which))
    files = forms[which](directory, customers, logins, bills)
    return Messy(which=which, directory=directory, files=tuple(files), planted=tuple(planted))


_Rows = list[dict[str, Any]]


def _invent(seed: int) -> tuple[_Rows, _Rows, _Rows, list[str]]:
    from vedette.simulate import activity, honest
    from vedette.simulate.export import agent
    from vedette.simulate.model import Plan
    from vedette.simulate.planted import dprk_leak, facilitator, laptop_farm
    from vedette.simulate.world import World

    world = World(Plan(accounts=150, seed=seed))
    planted = [*dprk_leak(world, False), *laptop_farm(world, False), *facilitator(world, False)]
    while len(world.members) < _CUSTOMERS:
        honest.ordinary(world, 1)
    events = activity.sample(world, _EVENTS)
    logins: _Rows = []
    for number, at in enumerate(events.phase.tolist()):
        phase, device = world.phases[at], int(events.device[number])
        machine = events.devices[device] if device >= 0 else ""
        offset, channel = int(events.offset[number]), int(events.channel[number])
        logins.append(
            {
                "account": world.members[phase.member].id,
                "time": int(events.time[number]),
                "ip": events.ips[int(events.ip[number])],
                "device": machine,
                "agent": agent(world, machine, channel, number),
                "success": bool(events.success[number]),
                "offset": None if offset == activity.NO_OFFSET else offset,
            }
        )
    bills: _Rows = [
        {
            "account": world.members[each.member].id,
            "time": each.start + 3_600,
            "instrument": each.instrument,
            "payer": each.payer,
            "country": each.country,
            "amount": round(20 + world.random.random() * 4_000, 2),
            "currency": each.currency,
        }
        for each in world.fundings
    ]
    return [dict(member.row) for member in world.members], logins, bills, sorted(each.id for each in planted)


def _csv(path: Path, rows: Sequence[Mapping[str, Any]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _semicolon(directory: Path, customers: _Rows, logins: _Rows, bills: _Rows) -> list[Path]:
    def day(seconds: int) -> str:
        winter = timedelta(hours=1)  # the plan lies in January and February
        return (datetime.fromtimestamp(seconds, UTC) + winter).strftime("%d.%m.%Y %H:%M")

    def amount(value: float) -> str:
        return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))

    people = [
        {
            "Customer No": row["account_id"],
            "Created On": day(_seconds(row["opened_at"])),
            "Customer Name": row["name"],
            "E-Mail": row["email"],
            "Tel.": row["phone"],
            "Country": row["country"],
            "Postal Address": row["address"],
            "Date of Birth": ".".join(reversed(row["birth_date"].split("-"))) if row["birth_date"] else "",
            "Time Zone": row["declared_timezone"],
        }
        for row in customers
    ]
    seen = [
        {
            "Entry": f"L{number:06d}",
            "Date and Time": day(row["time"]),
            "Customer No": row["account"],
            "IP Address": row["ip"],
            "Browser": row["agent"],
            "Device Id": row["device"],
            "Outcome": "successful" if row["success"] else "failed",
        }
        for number, row in enumerate(logins)
    ]
    paid = [
        {
            "Invoice No": f"B{number:06d}",
            "Customer No": row["account"],
            "Booked On": day(row["time"]),
            "Means of Payment": row["instrument"],
            "Paid By": row["payer"],
            "Amount": amount(row["amount"]),
            "Currency": row["currency"],
        }
        for number, row in enumerate(bills)
    ]
    return [
        _csv(directory / "customers.csv", people, ";", "utf-8-sig"),
        _csv(directory / "sign_ins.csv", seen, ";", "utf-8-sig"),
        _csv(directory / "invoices.csv", paid, ";", "utf-8-sig"),
    ]


def _nested(directory: Path, customers: _Rows, logins: _Rows, bills: _Rows) -> list[Path]:
    people = [
        {
            "customerId": row["account_id"],
            "created_ts": 1_000 * _seconds(row["opened_at"]),
            "user": {"fullName": row["name"], "email": row["email"], "mobile": row["phone"], "dob": row["birth_date"]},
            "profile": {"countryCode": row["country"], "tz": row["declared_timezone"], "street": row["address"]},
            "plan": "standard",
        }
        for row in customers
    ]
    seen = [
        {
            "eventId": f"ev{number}",
            "ts": 1_000 * row["time"],
            "customerId": row["account"],
            "client": {"ip": row["ip"], "ua": row["agent"], "device": {"fingerprint": row["device"] or None}},
            "tzOffsetMin": row["offset"],
            "result": "SUCCESS" if row["success"] else "FAILURE",
        }
        for number, row in enumerate(logins)
    ]
    paid = [
        {
            "chargeId": f"ch{number}",
            "customerId": row["account"],
            "charged_at": 1_000 * row["time"],
            "card": {"token": row["instrument"], "holder": row["payer"], "issuerCountry": row["country"]},
            "total": f"{row['amount']:,.2f}",
            "cur": row["currency"],
        }
        for number, row in enumerate(bills)
    ]
    named = {"customers.jsonl": people, "logins.jsonl": seen, "charges.jsonl": paid}
    for name, rows in named.items():
        text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        (directory / name).write_text(text, "utf-8")
    return [directory / name for name in named]


def _portal(directory: Path, customers: _Rows, logins: _Rows, bills: _Rows) -> list[Path]:
    def day(seconds: int) -> str:
        return datetime.fromtimestamp(seconds, UTC).strftime("%m/%d/%Y %I:%M %p")

    people = [
        {
            "AccountNumber": row["account_id"],
            "SignupDate": day(_seconds(row["opened_at"])),
            "DisplayName": row["name"],
            "Contact": {"EmailAddress": row["email"], "PhoneNumber": row["phone"]},
            "Country": row["country"],
            "TimeZone": row["declared_timezone"],
        }
        for row in customers
    ]
    seen = [
        {
            "EventDateTime": day(row["time"]),
            "AccountNumber": row["account"],
            "SourceIP": row["ip"],
            "Device_Fingerprint": row["device"],
            "UserAgentString": row["agent"],
            "Result": "OK" if row["success"] else "FAIL",
        }
        for row in logins
    ]
    paid = [
        {
            "TransactionRef": f"T-{number}",
            "AccountNumber": row["account"],
            "PostedOn": day(row["time"]),
            "CardToken": row["instrument"],
            "CardholderName": row["payer"],
            "Amount": f"${row['amount']:,.2f}",
        }
        for number, row in enumerate(bills)
    ]
    users = directory / "users.json"
    users.write_text(json.dumps(people, ensure_ascii=False, indent=1), "utf-8")
    return [users, _csv(directory / "auth_events.csv", seen), _csv(directory / "transactions.csv", paid)]
