"""Lines of sshd: accepted and failed sign-ins, sessions that open and close; other programs are kept by name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from vedette.events.fields import moment, text
from vedette.events.model import Event, RecordFault
from vedette.events.vocabulary import OTHER

_CLASSIC = re.compile(r"^(?:<\d{1,3}>)?([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\S{1,255}) (.*)$")
_DATED = re.compile(r"^(?:<\d{1,3}>1? ?)?(\d{4}-\d\d-\d\dT[\d:.,]{5,20}(?:Z|[+-]\d\d:?\d\d)?) (\S{1,255}) (.*)$")
_PROGRAM = re.compile(r"^([\w./-]{1,64})(?:\[(\d{1,10})\])?: (.*)$")
_FIVE = re.compile(r"^([\w./-]{1,64}) (\d{1,10}|-) \S{1,32} (?:-|\[.{0,500}?\]) (.*)$")
_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_FROM = r"(?P<ip>[0-9A-Fa-f.:%\w-]{2,64})(?: port \d{1,5})?"
_WHO = r"(?:invalid user )?(?P<user>.{0,256}?)"
#: What a message says: pattern, operation, word, outcome. The first that fits counts; users' names are hostile texts.
_MESSAGES = tuple(
    (re.compile(pattern), operation, word, outcome)
    for pattern, operation, word, outcome in (
        (
            rf"^Accepted (?P<method>\S{{1,64}}) for {_WHO} from {_FROM}(?: ssh2)?(?:: .*)?$",
            "Accepted",
            "logon",
            "success",
        ),
        (rf"^Failed (?P<method>\S{{1,64}}) for {_WHO} from {_FROM}(?: ssh2)?(?:: .*)?$", "Failed", "logon", "failure"),
        (rf"^Invalid user {_WHO} from {_FROM}$", "Invalid user", "preauth", "failure"),
        (rf"^User {_WHO} from {_FROM} not allowed because .*$", "not allowed", "preauth", "failure"),
        (rf"^Disconnected from user {_WHO} {_FROM}$", "Disconnected", "logoff", "success"),
    )
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a log, taken apart."""

    time_us: int
    host: str | None
    program: str | None
    pid: str | None
    message: str


def event(record: Mapping[str, Any]) -> Event:
    """One line of text, or one entry of the journal."""
    line = _entry(record) if "MESSAGE" in record else _line(record)
    program = (line.program or "").rpartition("/")[2]
    found = _understood(line.message) if program.startswith("sshd") else None
    operation, act, outcome, named = found or (program or "unknown", OTHER, None, {})
    content = f"{line.time_us} {line.host} {line.pid} {line.message}"
    return Event(
        time_us=line.time_us,
        act=act,
        operation=operation,
        event_id=text(record.get("__CURSOR")) or f"line-{hashlib.sha256(content.encode()).hexdigest()[:32]}",
        service=program or None,
        outcome=outcome,
        principal_id=text(named.get("user")),
        principal_name=text(named.get("user")),
        principal_issuer=text(named.get("method")),
        session_id=line.pid,
        tenant_id=line.host,
        ip=text(named.get("ip")),
        resource=line.host,
        resource_type="server" if line.host else None,
    )


def _understood(message: str) -> tuple[str, str, str, dict[str, str]] | None:
    for pattern, operation, word, outcome in _MESSAGES:
        if match := pattern.match(message.removesuffix(" [preauth]")):
            return operation, f"authentication.{word}", outcome, match.groupdict()
    return None


def _entry(record: Mapping[str, Any]) -> _Line:
    """An entry of the journal; its time is a text of microseconds."""
    stamp = text(record.get("__REALTIME_TIMESTAMP")) or text(record.get("_SOURCE_REALTIME_TIMESTAMP"))
    if stamp is None or not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 18):
        raise RecordFault("has no time")
    message = text(record.get("MESSAGE"))
    if message is None:
        raise RecordFault("has no text")
    program = text(record.get("SYSLOG_IDENTIFIER")) or text(record.get("_COMM"))
    pid = text(record.get("SYSLOG_PID")) or text(record.get("_PID"))
    return _Line(moment(int(stamp) / 1_000_000), text(record.get("_HOSTNAME")), program, pid, message)


def _line(record: Mapping[str, Any]) -> _Line:
    given = text(record.get("text"))
    if given is None:
        raise RecordFault("has no text")
    if match := _DATED.match(given):
        time_us, host, rest = moment(match[1].replace(",", ".")), match[2], match[3]
    elif match := _CLASSIC.match(given):
        time_us, host, rest = (
            _with_year(match[1], int(match[2]), match[3], record.get("received_us")),
            match[4],
            match[5],
        )
    else:
        raise RecordFault("is no line of a system log")
    if named := _PROGRAM.match(rest) or _FIVE.match(rest):
        return _Line(time_us, host, named[1], named[2], named[3])
    return _Line(time_us, host, None, None, rest)


def _with_year(month: str, day: int, clock: str, received_us: Any) -> int:
    """The latest year that makes the line no more than a day newer than its arrival."""
    if month not in _MONTHS or type(received_us) is not int:
        raise RecordFault("has no time")
    latest = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=min(max(received_us, 0), 4 * 10**15), days=1)
    for year in range(latest.year, latest.year - 9, -1):
        try:
            when = datetime.fromisoformat(f"{year}-{_MONTHS[month]:02}-{day:02}T{clock}+00:00")
        except ValueError:
            continue
        if when <= latest:
            return moment(when.isoformat())
    raise RecordFault("has no possible time")
