"""What screening found, as findings that are stored: list, version, entry and field by field, without personal values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from vedette.base import Evidence, Finding, Identifier, Json, Party, Strength, Subject
from vedette.screening.identifiers import wallet
from vedette.screening.index import Index
from vedette.screening.model import Call, Level, Match, Outcome
from vedette.screening.search import score

_STRONG_SCORE = 0.9
_HOLDERS = 20
_BLIND = (
    "Lists name few of a party's spellings, and a party may act through names that no list holds: no match does not mean "
    "clear. Namesakes exist, and lists hold few identifiers to tell them apart."
)
_BLIND_WALLET = "Only addresses that a publisher has named are known; a party makes new ones at will."


def strength_of(match: Match) -> Strength:
    """How much a match weighs. Only an identified one holds the customer for a person."""
    if match.level is Level.IDENTIFIED:
        return Strength.STOP
    if match.level is Level.CONTRADICTED:
        return Strength.CONTEXT
    if match.level is Level.WEAK:
        return Strength.WEAK
    if match.call is Call.ASK:
        return Strength.WEAK
    return Strength.STRONG if match.score >= _STRONG_SCORE else Strength.MEDIUM


def findings_of(
    matches: Iterable[Match], *, subject: Subject, accounts: tuple[str, ...], at: datetime, who: str = ""
) -> tuple[Finding, ...]:
    """One finding for each list entry matched. ``who`` names another party of the account, such as "owner o-3".

    A later list version with the same entry folds into the same finding; its evidence names the version judged.
    """
    return tuple(_finding(match, subject=subject, accounts=accounts, at=at, who=who) for match in matches)


def _finding(match: Match, *, subject: Subject, accounts: tuple[str, ...], at: datetime, who: str) -> Finding:
    return Finding(
        check="screening/list_match",
        version="1",
        subject=subject,
        accounts=accounts,
        family="screening",
        strength=strength_of(match),
        bits=round(max(match.margin, 0.0), 2),
        summary=_summary(match, who),
        evidence=(Evidence("list_entry", f"{match.list}@{match.list_version}#{match.entity_id}", _values(match)),),
        citation=match.citation,
        blind_spots=_BLIND,
        first_seen=at,
        last_seen=at,
        window="/".join(filter(None, (match.list, match.entity_id, who))),
    )


def _summary(match: Match, who: str) -> str:
    bearer = f"the {who}" if who else "the customer"
    reasons = ", ".join(feature.text for feature in match.corroboration)
    against = ", ".join(feature.text for feature in match.contradiction)
    entry = f"{match.name!r} ({match.list}, version {match.list_version})"
    if match.level is Level.IDENTIFIED:
        return f"By name or number {bearer} is {entry}: {reasons}. Hold for a person."
    if match.level is Level.CONTRADICTED:
        return f"A name like that of {bearer} is listed as {entry}, but {against}: shown as context only."
    also = f"; {reasons}" if reasons else "; nothing else was there to compare" if not against else ""
    but = f"; but {against}" if against else ""
    ask = f" Ask for: {', '.join(match.ask).replace('_', ' ')}." if match.ask else ""
    return f"The name of {bearer} resembles {entry}{also}{but}. A name alone identifies nobody.{ask}"


def _values(match: Match) -> dict[str, Json]:
    """The comparison as stored: the listed side may be named, the customer's side is only said to agree or not."""
    fields: list[Json] = [{"field": "name", "outcome": _name_outcome(match), "score": round(match.name_score, 3)}]
    fields += (
        {
            "field": f.field,
            "outcome": f.outcome.value,
            "customer": f.customer.value,
            "listed": f.listed.value,
            "says": f.text,
            "bits": round(f.bits, 1),
        }
        for f in match.features
    )
    return {
        "list": match.list,
        "list_version": match.list_version,
        "entity_id": match.entity_id,
        "entry_hash": match.entry_hash,
        "listed_name": match.name,
        "level": match.level.value,
        "score": round(match.score, 4),
        "bits": round(match.bits, 2),
        "probability": round(match.probability, 6),
        "call": match.call.value,
        "ask": list(match.ask),
        "population_bits": round(match.bits - match.margin, 2),
        "fields": fields,
        "programmes": list(match.programmes),
        "dprk": match.dprk,
        "obligation": match.obligation,
    }


def _name_outcome(match: Match) -> str:
    if match.name_score >= 0.95:
        return Outcome.AGREES.value
    return Outcome.NEARLY.value if match.name_score >= 0.7 else Outcome.DIFFERS.value


def wallets(index: Index, addresses: Iterable[str]) -> tuple[tuple[str, tuple[Match, ...]], ...]:
    """The addresses that are listed, each with the entries that hold it, in the order given and without repeats.

    Raises ScreeningError where the index holds no list.
    """
    index.require_lists()
    return tuple((address, found) for address in dict.fromkeys(addresses) if (found := _holders(index, address)))


def _holders(index: Index, address: str) -> tuple[Match, ...]:
    owner = Party(id="", identifiers=(Identifier("wallet", address),))
    if f"wallet:{wallet(address)}" not in index.by_tag:
        return ()
    return score(owner, against=index, limit=_HOLDERS)


def wallet_findings(
    hits: Iterable[tuple[str, tuple[Match, ...]]], *, subject: Subject, accounts: tuple[str, ...], at: datetime
) -> tuple[Finding, ...]:
    """A stop for each listed entry whose wallet took part in a payment. The address itself is not repeated."""
    entries = {match.key: match for _, matches in hits for match in matches}
    return tuple(
        Finding(
            check="screening/listed_wallet",
            version="1",
            subject=subject,
            accounts=accounts,
            family="screening",
            strength=Strength.STOP,
            bits=round(max(match.margin, 0.0), 2),
            summary=f"A payment used a wallet of {match.name!r} ({match.list}, version {match.list_version}). "
            "Hold for a person.",
            evidence=(Evidence("list_entry", f"{match.list}@{match.list_version}#{match.entity_id}", _values(match)),),
            citation=match.citation,
            blind_spots=_BLIND_WALLET,
            first_seen=at,
            last_seen=at,
            window=f"{match.list}/{match.entity_id}",
        )
        for match in entries.values()
    )
