"""Where fields come from: small finders over the material, each naming its source beside the value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from vedette import policy
from vedette.base import from_micros, parse_time
from vedette.documents import Block, Figure, Mark, Paragraph, Table, number
from vedette.reports.model import Held, Material, Row

Finder: TypeAlias = "Callable[[Material], Held | None]"
_SHOWN = 60
_BARS = 24
_TOLD = ("opened", "reopened", "merged", "split", "decided", "approved", "approval rejected", "undone")


def by_hand(_material: Material) -> Held | None:
    """What only a person can say: held nowhere, entered with ``--set``."""
    return None


def customer(*columns: str) -> Finder:
    """A customer record's columns, account by account."""

    def find(material: Material) -> Held | None:
        told = []
        for account, record in material.customers.items():
            text = ", ".join(_texts(record.get(column) for column in columns))
            if text:
                told.append(f"{account}: {text}" if len(material.accounts) > 1 else text)
        return Held("; ".join(told), f"customer record of {_some(material.customers)}") if told else None

    return find


def owners(material: Material) -> Held | None:
    """Declared owners with their shares."""
    told = []
    for account, record in material.customers.items():
        told += [f"{account}: {text}" for text in map(_owner, record.get("owners") or ()) if text]
    return Held("; ".join(told), f"owners declared for {_some(material.customers)}") if told else None


def _owner(owner: Mapping[str, Any]) -> str:
    names = ", ".join(_texts((owner.get("owner_name"), owner.get("owner_name_native"))))
    least, most = owner.get("share_min"), owner.get("share_max")
    if least is None and most is None:
        return names
    share = f"{number(least)} %" if least == most else f"{number(least)} to {number(most)} %"
    return f"{names} ({share})" if names else ""


def accounts(material: Material) -> Held | None:
    """The account ids."""
    where = f"case {material.subject}" if material.case else "the account asked about"
    return Held(", ".join(material.accounts), where) if material.accounts else None


def listed(material: Material) -> Held | None:
    """The list entries that findings cite, each with its list version."""
    told: dict[str, str] = {}
    for finding in material.findings:
        for item in finding["evidence"]:
            if item["kind"] == "list_entry":
                name = item.get("name") or item.get("entity_name") or ""
                told[f"{item['ref']} {name}".strip()] = finding["id"]
    return Held("; ".join(told), f"findings {_some(told.values())}") if told else None


def authority(*rule_ids: str) -> Finder:
    """Of these rules, those in force at home on the day that a finding of the case rests on; else a person must say."""

    def find(material: Material) -> Held | None:
        home = material.home if material.home in policy.HOMES else "un"
        standing = policy.in_force(home, parse_time(material.made_at).date())
        cited = {each: str(item["id"]) for item in material.findings for each in item["citation"]}
        found = [rule for rule in standing if rule.id in rule_ids and set(rule.citation) & set(cited)]
        behind = dict.fromkeys(cited[each] for rule in found for each in rule.citation if each in cited)
        text = "; ".join(f"{rule.source} ({rule.title})" for rule in found)
        versions = ", ".join(f"policy {rule.id} {rule.version}" for rule in found)
        return Held(text, f"{versions}; findings {_some(behind)}") if found else None

    return find


def decided(*actions: str) -> Finder:
    """When the standing decision was made, if it is one of these actions."""

    def find(material: Material) -> Held | None:
        made = material.decision
        if made.get("action") not in actions or made.get("state") != "final":
            return None
        return Held(minute(str(made["decided_at"])), f"decision {made['decision_id']}")

    return find


def frozen_since(material: Material) -> Held | None:
    """Since when the accounts stand still."""
    rows = [row for row in material.freezes if not row.get("released_at")]
    text = "; ".join(f"{row['account_id']}: {minute(str(row['since']))}" for row in rows)
    return Held(text, f"freeze by decision {rows[0]['decision_id']}") if rows else None


def due(rule_id: str) -> Finder:
    """The day on which a term ends."""

    def find(material: Material) -> Held | None:
        row = next((row for row in material.clocks if row["rule"] == rule_id), None)
        return (
            None
            if row is None
            else Held(str(row["due_on"]), f"clock {row['clock_id']}, started {minute(str(row['started_at']))}")
        )

    return find


def addresses(material: Material) -> Held | None:
    """Sign-in addresses with first and last use."""
    told = [
        f"{row['ip']} ({row.get('ip_country') or 'country not known'}): {moment(row['first_us'])} to "
        f"{moment(row['last_us'])} UTC, {times(row['count'])}"
        for row in material.addresses[:_SHOWN]
        if row.get("ip")
    ]
    return Held("; ".join(told), f"sign-ins of {_some(material.accounts)}") if told else None


def devices(material: Material) -> Held | None:
    """Device ids with how often each was seen."""
    told = [f"{row['device_id']} ({times(row['count'])})" for row in material.devices[:_SHOWN] if row.get("device_id")]
    return Held("; ".join(told), f"sign-ins of {_some(material.accounts)}") if told else None


def wallets(material: Material) -> Held | None:
    """Wallets that paid."""
    told = list(dict.fromkeys(str(row["wallet"]) for row in material.payments if row.get("wallet")))
    return Held("; ".join(told[:_SHOWN]), f"payments of {_some(material.accounts)}") if told else None


def means_of_payment(material: Material) -> Held | None:
    """By what kinds of instrument and from which countries the accounts were paid for."""
    told = dict.fromkeys(
        f"{row.get('instrument_kind') or 'kind not known'} from {row.get('payer_country') or 'country not known'}"
        for row in material.payments
    )
    return Held("; ".join(list(told)[:_SHOWN]), f"payments of {_some(material.accounts)}") if told else None


def paid(material: Material) -> Held | None:
    """What was paid, by currency."""
    sums: dict[str, float] = {}
    for row in material.payments:
        if row.get("amount") is not None and row.get("currency"):
            sums[str(row["currency"])] = sums.get(str(row["currency"]), 0.0) + float(row["amount"])
    text = "; ".join(f"{value:,.2f} {currency}" for currency, value in sorted(sums.items()))
    return Held(text, f"payments of {_some(material.accounts)}, all that are held") if sums else None


def operations(material: Material) -> Held | None:
    """Estimated operations with their interval."""
    told = [
        f"{row['id']}: {row['flop_p50']:.3g} ({row['flop_p5']:.3g} to {row['flop_p95']:.3g})"
        for row in material.compute
        if row.get("flop_p50")
    ]
    where = "; ".join(dict.fromkeys(_ledger(row) for row in material.compute))
    return Held("; ".join(told), where) if told else None


def accelerators(material: Material) -> Held | None:
    """Cards that were allocated, by model, with the most at one time in one job."""
    told = [
        f"{row['account_id']}: {row['gpu_model']}, up to {row['most']} in a job, used {times(row['count'])}"
        for row in material.machines
    ]
    return Held("; ".join(told), f"allocations of {_some(material.accounts)}") if told else None


def span(which: str) -> Finder:
    """The first (``from``) or last (``to``) moment of the compute that is held."""

    def find(material: Material) -> Held | None:
        found = sorted(str(row[which]) for row in material.compute if row.get(which))
        if not found:
            return None
        where = "; ".join(dict.fromkeys(map(_ledger, material.compute)))
        return Held(minute(found[0] if which == "from" else found[-1]), where)

    return find


def _ledger(row: Row) -> str:
    return f"compute ledger, method {row.get('method') or 'not known'}, coverage {float(row.get('coverage') or 0):.0%}"


def case_value(key: str) -> Finder:
    """A value of the case."""

    def find(material: Material) -> Held | None:
        value = material.case.get(key)
        return None if value in (None, "") else Held(str(value), f"case {material.subject}, as of {material.made_at}")

    return find


def house_value(*path: str) -> Finder:
    """A figure of the house; a mapping is told as its entries."""

    def find(material: Material) -> Held | None:
        value: Any = material.house
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        text = told(value)
        return Held(text, f"{path[0].replace('_', ' ')}, as of {material.made_at}") if text else None

    return find


def told(value: object) -> str:
    """A figure in words; empty for nothing."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {told(item) or 0}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(told(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(float(value)) or "0"
    return "" if value is None else str(value)


def evidence(material: Material) -> tuple[Block, ...]:
    """The findings as a table: check with version, what was seen, when, and the evidence behind it."""
    rows = tuple(
        (
            f"{item['check']} v{item['version']}",
            str(item["summary"]),
            f"{str(item['first_seen'])[:10]} to {str(item['last_seen'])[:10]}, {times(item['count'])}",
            ", ".join(f"{each['kind']} {each['ref']}" for each in item["evidence"][:8]),
        )
        for item in material.findings
    )
    if not rows:
        return (Paragraph("No finding stands."),)
    return (Table(("Check", "What was found", "When", "Evidence"), rows, "", (2.7, 3.3, 1.7, 2.2)),)


def blind_spots(material: Material) -> tuple[Block, ...]:
    """What the checks behind the paper cannot see."""
    found = dict.fromkeys(str(item["blind_spots"]) for item in material.findings if item.get("blind_spots"))
    return tuple(Paragraph(text) for text in found)


def sign_ins(material: Material) -> tuple[Block, ...]:
    """Sign-in addresses with their times as a table."""
    rows = tuple(
        (
            str(row["account_id"]),
            str(row.get("ip") or ""),
            str(row.get("ip_country") or ""),
            moment(row["first_us"]),
            moment(row["last_us"]),
            str(row["count"]),
        )
        for row in material.addresses[:_SHOWN]
    )
    if not rows:
        return (Paragraph("No sign-in is held."),)
    columns = ("Account", "Address", "Country", "First (UTC)", "Last (UTC)", "Times")
    return (Table(columns, rows, "", (1.4, 2.0, 0.8, 1.6, 1.6, 0.7)),)


def transfers(material: Material) -> tuple[Block, ...]:
    """Payments as a table."""
    rows = tuple(
        (
            str(row.get("payment_id") or ""),
            moment(row.get("time_us")),
            str(row["account_id"]),
            str(row.get("instrument_kind") or ""),
            f"{float(row['amount']):,.2f}" if row.get("amount") is not None else "",
            str(row.get("currency") or ""),
        )
        for row in material.payments[:_SHOWN]
    )
    if not rows:
        return (Paragraph("No payment is held."),)
    return (Table(("Payment", "Time (UTC)", "Account", "Kind", "Amount", "Currency"), rows, "", ()),)


def chronology(material: Material) -> tuple[Block, ...]:
    """What happened when, oldest first: findings and the steps of the case; drawn and told."""
    events = [(str(item["first_seen"]), f"First seen: {item['summary']}") for item in material.findings]
    events += [(str(item["time"]), f"Case {item['verb']}") for item in material.history if item["verb"] in _TOLD]
    if not events:
        return (Paragraph("Nothing is dated."),)
    rows = tuple((minute(when).removesuffix(" UTC"), text) for when, text in sorted(events))
    marks = tuple(
        Mark(
            str(item["check"]),
            parse_time(str(item["first_seen"])).timestamp(),
            None,
            parse_time(str(item["last_seen"])).timestamp(),
        )
        for item in material.findings[:20]
    )
    table = Table(("When (UTC)", "What"), rows, "", (1.0, 4.0))
    picture = Figure("timeline", "When each check saw it", "One bar for each check, from first to last sight.", marks)
    return (table, picture) if marks else (table,)


def lists_used(material: Material) -> tuple[Block, ...]:
    """The lists that the screening looked at."""
    rows = tuple(
        (str(row["list"]), str(row["version"]), str(row["entries"])) for row in material.screened.get("lists", ())
    )
    return (Table(("List", "Version", "Entries"), rows),) if rows else (Paragraph("No list was looked at."),)


def bars(title: str, description: str, values: Mapping[str, Any], unit: str = "") -> tuple[Block, ...]:
    """A bar for each entry of a mapping of numbers; beyond two dozen the smallest are told together."""
    found = [(str(key), float(value)) for key, value in values.items() if isinstance(value, int | float)]
    if len(found) > _BARS:
        found.sort(key=lambda item: (-item[1], item[0]))
        rest = found[_BARS:]
        found = [*found[:_BARS], (f"{len(rest)} others", sum(value for _, value in rest))]
    marks = tuple(Mark(key, value) for key, value in found)
    return (Figure("bar", title, description, marks, unit),) if marks else ()


def moment(micros: object) -> str:
    """Microseconds since 1970 for people, to the second, in UTC; empty where unknown."""
    return from_micros(micros).strftime("%Y-%m-%d %H:%M:%S") if isinstance(micros, int) else ""


def times(count: object) -> str:
    """How often, in words."""
    return "once" if count == 1 else f"{count} times"


def minute(text: str) -> str:
    """A stored time for people, to the minute."""
    return parse_time(text).strftime("%Y-%m-%d %H:%M UTC")


def _texts(values: Iterable[object]) -> list[str]:
    return [str(value) for value in values if value not in (None, "")]


def _some(ids: Iterable[str], most: int = 6) -> str:
    found: Sequence[str] = list(dict.fromkeys(ids))
    return ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")
