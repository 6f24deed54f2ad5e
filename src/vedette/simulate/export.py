"""Writes the invented provider as an export directory of DESIGN section 4, with the clutter of real exports."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

import numpy as np

from vedette.simulate.activity import API, CONSOLE, NO_OFFSET, Events, Ints
from vedette.simulate.network import references
from vedette.simulate.places import agents
from vedette.simulate.world import DAY, World, columns

REPEATED = 0.001
LATE = 0.003
_CHUNK = 100_000
_OWNERS = (
    "account_id",
    "owner_id",
    "parent_owner_id",
    "owner_name",
    "owner_name_native",
    "owner_kind",
    "country",
    "birth_date",
    "share_min",
    "share_max",
    "control",
)
_CHANNELS = ("console", "api", "ssh")
_SIGNINS = (
    "event_id,time,account_id,user_id,ip,user_agent,device_id,outcome,mfa,timezone_offset_minutes,locale,channel\n"
)
NOTICE = (
    "SIMULATED DATA\n\nEvery person, firm, address, device, payment and event in this folder is invented.\n"
    "Addresses lie in reserved space (240.0.0.0/4, 2001:db8::/32), save the planted leaks in 175.45.176.0/22.\n"
    "Figures measured on it say how the software does on this invention, and nothing else.\n"
)


@contextmanager
def zipped(path: Path) -> Iterator[io.TextIOBase]:
    """A text file packed with gzip whose bytes depend on its content only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=1, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        yield text


def table(path: Path, rows: Sequence[Mapping[str, str]], random: Random) -> int:
    """Write rows as CSV, one in a thousand of them twice; returns the lines written."""
    again = random.sample(range(len(rows)), max(1, round(len(rows) * REPEATED))) if len(rows) > 20 else []
    with zipped(path) as out:
        writer = csv.DictWriter(out, columns(rows), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        writer.writerows(rows[number] for number in sorted(again))
    return len(rows) + len(again)


def small_tables(directory: Path, world: World) -> int:
    """Accounts, owners, keys and allocations; returns the account lines written."""
    accounts = sorted((member.row for member in world.members), key=lambda row: row["account_id"])
    written = table(directory / "accounts.csv.gz", accounts, world.random)
    owners = [{column: row.get(column, "") for column in _OWNERS} for row in world.owners]
    table(directory / "owners.csv.gz", owners, world.random)
    table(directory / "keys.csv.gz", world.keys, world.random)
    table(directory / "allocations.csv.gz", world.allocations, world.random)
    return written


def payments(path: Path, world: World) -> tuple[int, dict[int, int]]:
    """Monthly payments of every funding; returns lines written and, by member, the first planted payment."""
    rows, first = [], dict[int, int]()
    for funding in world.fundings:
        moment = funding.start + world.random.randrange(3 * DAY)
        level = world.random.lognormvariate(4.0, 1.0)
        while moment < funding.end:
            amount = max(1.0, level * world.random.lognormvariate(0.0, 0.2))
            row = {
                "payment_id": "",
                "account_id": world.members[funding.member].id,
                "time": world.stamp(moment),
                "instrument_id": funding.instrument,
                "instrument_kind": funding.kind,
                "payer_name": funding.payer,
                "payer_country": funding.country,
                "amount": f"{amount:.2f}",
                "currency": funding.currency,
                "wallet": funding.wallet,
            }
            rows.append(row)
            if funding.planted:
                first[funding.member] = min(moment, first.get(funding.member, moment))
            moment += 30 * DAY + world.random.randrange(-2 * DAY, 2 * DAY)
    rows.sort(key=lambda row: (row["time"], row["account_id"]))
    for number, row in enumerate(rows, 1):
        row["payment_id"] = f"p-{number:08d}"
    return table(path, rows, world.random), first


def file_order(size: int, chance: np.random.Generator) -> Ints:
    """Row numbers as they stand in a file: in time, a few late at the end, a few twice."""
    late = chance.random(size) < LATE
    rows = np.arange(size)
    again = rows[chance.random(size) < REPEATED]
    if size and not len(again):
        again = rows[-1:]
    return np.concatenate((rows[~late], rows[late], again))


def signins(path: Path, world: World, events: Events) -> int:
    """Write the sign-ins; returns the lines written."""
    chance = np.random.Generator(np.random.PCG64(world.plan.seed + 1))
    order = file_order(len(events.time), chance)
    with zipped(path) as out:
        out.write(_SIGNINS)
        for begin in range(0, len(order), _CHUNK):
            out.write("".join(_signin_lines(world, events, order[begin : begin + _CHUNK])))
    return len(order)


def _signin_lines(world: World, events: Events, rows: Ints) -> Iterator[str]:
    part = events.take(rows)
    phase = part.phase.tolist()
    phases, members = world.phases, world.members
    accounts = [members[each.member].id for each in phases]
    cells = zip(
        rows.tolist(),
        times(part.time),
        phase,
        part.ip.tolist(),
        part.device.tolist(),
        part.success.tolist(),
        part.offset.tolist(),
        part.channel.tolist(),
        strict=True,
    )
    for number, time, at, ip, device, success, offset, channel in cells:
        each = phases[at]
        machine = part.devices[device] if device >= 0 else ""
        zone = "" if offset == NO_OFFSET else offset
        yield (
            f"s-{number + 1:09d},{time},{accounts[at]},{each.user},{part.ips[ip]},"
            f'"{agent(world, machine, channel, number)}",{machine},{"success" if success else "failure"},'
            f"{'true' if each.member % 3 else 'false'},{zone},{each.locale if channel == CONSOLE else ''},"
            f"{_CHANNELS[channel]}\n"
        )


def agent(world: World, machine: str, channel: int, number: int) -> str:
    """What the client calls itself; one in a hundred says nothing."""
    if number % 100 == 37:
        return ""
    if channel == CONSOLE:
        browsers = agents("browser")
        return world.agent.get(machine, browsers[number % len(browsers)] if not machine else browsers[0])
    words = agents("api" if channel == API else "ssh")
    return words[number % 7 % len(words)]


def times(seconds: Ints) -> list[str]:
    """ISO 8601 in UTC."""
    return [f"{text}Z" for text in np.datetime_as_string(seconds.astype("datetime64[s]")).tolist()]


def reference_file(path: Path) -> None:
    """The invented address space, and the one true range."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("start", "end", "country", "asn", "as_name", "class"))
        for each in references():
            writer.writerow((each.start, each.end, each.country, each.asn, each.as_name, each.klass))


def text_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines of text."""
    with path.open("w", encoding="utf-8", newline="") as out:
        out.writelines(f"{line}\n" for line in lines)
