"""Audits corpora that others made: their country codes against address evidence, their counts against published studies.

Three kinds of file are known: counts by year and partner country; works with country codes and address strings (any publication
source); and a table of address strings with the code that somebody gave them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from vedette.base import Json
from vedette.institutions import Resolution
from vedette.observatory.intake import opened
from vedette.observatory.model import (
    FOCUS,
    AuditLine,
    Authorship,
    CorpusAudit,
    Refused,
    Work,
    refuse,
)
from vedette.observatory.reading import cell, rows, text_of
from vedette.observatory.resolve import sure
from vedette.observatory.source import parser_of, recognise
from vedette.observatory.studies import Study, studies

Resolve = Callable[[str], Resolution]
#: So many claims must be judged by addresses before a code is called reliable or not.
_ENOUGH = 5
#: Codes that addresses contradict more often than this are unreliable.
_MOST_WRONG = 0.05
#: Counts below this share of a published one, or above its inverse, are unreliable.
_NEAR = 0.5
_EXAMPLES = 20
_HEAD = 64 * 1024
_PARTNER = ("partner", "country", "partner_country")
_COUNT = ("works", "count", "articles", "publications", "n")
_TEXT = ("raw_affiliation_string", "affiliation", "address", "raw_affiliation")
_CODE = ("openalex_country", "country_code", "claimed_country", "claimed", "country")


def audit(path: Path, resolve: Resolve, *, focus: str = FOCUS) -> CorpusAudit:
    """Audit one file, its kind recognised. Raises ObservatoryError where it is none of the three."""
    with path.open("rb") as raw:
        sha256 = hashlib.file_digest(raw, "sha256").hexdigest()
    with opened(path) as stream:
        head = stream.peek(_HEAD)[:_HEAD]
        heading = _heading(head)
        if heading & {"year"} and heading & set(_PARTNER) and heading & set(_COUNT):
            return _audit_counts(
                path.name, sha256, list(rows(str(path), text_of(str(path), stream), _delimiter(head))), focus
            )
        if heading & set(_TEXT) and heading & set(_CODE):
            table = rows(str(path), text_of(str(path), stream), _delimiter(head))
            return _judged(path.name, sha256, "strings", _of_strings(table), resolve, focus)
        claims = recognise(path.name, head)
        if len(claims) == 1:
            return _judged(
                path.name, sha256, "works", _of_works(parser_of(claims[0]).parse(str(path), stream)), resolve, focus
            )
    raise refuse(
        "is no corpus known here",
        str(path),
        remedy="Give counts (year, partner, works), address strings with codes, or a publication file",
    )


def _delimiter(head: bytes) -> str:
    first = head.split(b"\n", 1)[0]
    return max((";", ",", "\t"), key=lambda mark: first.count(mark.encode()))


def _heading(head: bytes) -> set[str]:
    first = head.split(b"\n", 1)[0].decode("utf-8-sig", "ignore")
    return {text.strip().strip('"').casefold() for text in first.split(_delimiter(head))}


# -- counts


def _audit_counts(name: str, sha256: str, table: list[tuple[int, dict[str, str]] | Refused], focus: str) -> CorpusAudit:
    by_partner: Counter[str] = Counter()
    until: dict[str, Counter[str]] = {study.id: Counter() for study in studies()}
    refused = 0
    for item in table:
        if isinstance(item, Refused):
            refused += 1
            continue
        _, row = item
        partner, count, year = cell(row, *_PARTNER).upper(), cell(row, *_COUNT), cell(row, "year")
        if not count.isdecimal() or not year.isdecimal() or not partner:
            refused += 1
            continue
        by_partner[partner] += int(count)
        for study in studies():
            if int(year) <= study.until:
                until[study.id][partner] += int(count)
    own = by_partner.pop(focus, 0)
    relevant = [study for study in studies() if study.focus == focus]
    lines = tuple(_count_line(country, count, relevant, until) for country, count in by_partner.most_common())
    reasons = [reason for study in relevant for reason in _order_reasons(study, until[study.id], by_partner)]
    wrong = [line for line in lines if line.verdict == "unreliable"]
    reasons += [f"{line.country}: {line.reason}" for line in wrong if line.published is not None]
    if refused:
        reasons.append(f"{refused:,} rows hold no year, partner and whole number; they were left out")
    verdict = "unreliable" if wrong else "not judged"
    if not relevant:
        reasons.append(f"no published study of {focus} is at hand to compare with; give the works with their addresses")
    reasons.append(
        f"{own:,} works are counted for {focus} itself; counts cannot be held against addresses, only works can"
    )
    return CorpusAudit(
        corpus=name,
        sha256=sha256,
        kind="counts",
        records=len(table),
        verdict=verdict,
        reasons=tuple(reasons),
        lines=lines,
    )


def _count_line(country: str, count: int, relevant: list[Study], until: dict[str, Counter[str]]) -> AuditLine:
    """One partner: against the study that counts it, or against the order of partners that a study gives."""
    for study in relevant:
        known = study.partners.get(country)
        held = until[study.id][country]
        if known is not None:
            near = _NEAR <= held / known <= 1 / _NEAR
            reason = f"{held:,} works to {study.until} where {study.title} counts {known:,} ({held / known:.0%}); {count:,} in all years"
            verdict = "reliable" if near else "unreliable"
            return AuditLine(country=country, claimed=count, published=known, verdict=verdict, reason=reason)
        first = study.order[0] if study.order else ""
        if first and country not in study.order and held > until[study.id][first]:
            return AuditLine(
                country=country,
                claimed=count,
                verdict="unreliable",
                reason=f"{held:,} works to {study.until}, more than {first}'s {until[study.id][first]:,}, where {study.title} "
                f"puts {' then '.join(study.order)} first: addresses of {country} taken for the DPRK's are the likely cause",
            )
    return AuditLine(country=country, claimed=count, reason="no published count of this partner is at hand")


def _order_reasons(study: Study, held: Counter[str], whole: Counter[str]) -> Iterator[str]:
    ahead = [
        country
        for country in whole
        if study.order and country not in study.order and held[country] > held[study.order[0]]
    ]
    if ahead:
        told = ", ".join(f"{country} {held[country]:,}" for country in sorted(ahead, key=lambda code: -held[code]))
        first = study.order[0]
        yield (
            f"{told} stand before {first} {held[first]:,} to {study.until} (in all years {_told(whole, ahead, first)}), yet {study.title} puts "
            f"{' then '.join(study.order)} first; country codes that machines gave confuse the two Koreas"
        )


def _told(whole: Counter[str], ahead: list[str], first: str) -> str:
    return ", ".join(
        f"{country} {whole[country]:,}" for country in (*sorted(ahead, key=lambda code: -whole[code]), first)
    )


# -- codes against addresses


@dataclass(slots=True)
class _Tally:
    """How claims of one country fared."""

    claimed: int = 0
    supported: int = 0
    contradicted: int = 0
    instead: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A code that somebody gave, "" for none, with the addresses that bear on it."""

    work: str
    code: str
    addresses: tuple[str, ...]


def _of_works(found: Iterable[Work | Refused]) -> Iterator[_Claim | None]:
    """One claim for each code of each author; None where a record could not be read."""
    for work in found:
        if isinstance(work, Refused):
            yield None
            continue
        for author in work.authors:
            yield from _of_author(work, author)


def _of_author(work: Work, author: Authorship) -> Iterator[_Claim]:
    name = f"{work.source}:{work.source_id}"
    if not author.countries and author.affiliations:
        yield _Claim(name, "", author.affiliations)
    for code in author.countries:
        yield _Claim(name, code, author.affiliations)


def _of_strings(table: Iterable[tuple[int, dict[str, str]] | Refused]) -> Iterator[_Claim | None]:
    for item in table:
        if isinstance(item, Refused):
            yield None
            continue
        line, row = item
        address = cell(row, *_TEXT)
        code = cell(row, *_CODE).upper()
        work = cell(row, "openalex_work_id", "work_id", "id") or f"line {line}"
        yield _Claim(work, code if len(code) == 2 else "", (address,) if address else ())


def _judged(
    name: str, sha256: str, kind: str, claims: Iterable[_Claim | None], resolve: Resolve, focus: str
) -> CorpusAudit:
    tallies: dict[str, _Tally] = {}
    examples: list[dict[str, Json]] = []
    missing: Counter[str] = Counter()
    said: set[str] = set()
    shown: set[str] = set()
    seen = refused = 0
    for claim in claims:
        if claim is None:
            refused += 1
            continue
        seen += 1
        decided = {code: (text, why) for text, code, why in _decided(claim, resolve)}
        if claim.code == focus:
            said.add(claim.work)
        if focus in decided:
            shown.add(claim.work)
        if not claim.code:
            missing.update(list(decided))
            missing[""] += 1
            continue
        tally = tallies.setdefault(claim.code, _Tally())
        tally.claimed += 1
        if claim.code in decided:
            tally.supported += 1
        elif decided:
            tally.contradicted += 1
            tally.instead.update(list(decided))
            if len(examples) < _EXAMPLES:
                examples.append(_example(claim, decided))
    lines = tuple(_line(code, tally) for code, tally in sorted(tallies.items(), key=lambda kept: -kept[1].claimed))
    return CorpusAudit(
        corpus=name,
        sha256=sha256,
        kind=kind,
        records=seen + refused,
        verdict=_verdict(sum(t.supported for t in tallies.values()), sum(t.contradicted for t in tallies.values())),
        reasons=(*_focus_reasons(focus, said, shown), *_reasons(tallies, missing, refused)),
        lines=lines,
        examples=tuple(examples),
    )


def _decided(claim: _Claim, resolve: Resolve) -> Iterator[tuple[str, str, str]]:
    for address in claim.addresses:
        country = resolve(address).country
        if country.code and sure(country.code):
            yield address, country.code, "; ".join(country.evidence)


def _example(claim: _Claim, decided: dict[str, tuple[str, str]]) -> dict[str, Json]:
    code, (address, evidence) = next(iter(decided.items()))
    return {
        "work": claim.work,
        "claimed": claim.code,
        "decided": code,
        "address": address[:300],
        "evidence": evidence[:300],
    }


def _verdict(supported: int, contradicted: int) -> str:
    judged = supported + contradicted
    if judged < _ENOUGH:
        return "not judged"
    return "unreliable" if contradicted > _MOST_WRONG * judged else "reliable"


def _line(code: str, tally: _Tally) -> AuditLine:
    judged = tally.supported + tally.contradicted
    verdict = _verdict(tally.supported, tally.contradicted)
    reason = f"addresses decide {judged:,} of {tally.claimed:,} claims and contradict {tally.contradicted:,}"
    if tally.instead:
        reason += f", naming {', '.join(f'{other} {count:,}' for other, count in tally.instead.most_common(3))} instead"
    return AuditLine(
        country=code,
        claimed=tally.claimed,
        supported=tally.supported,
        contradicted=tally.contradicted,
        undecided=tally.claimed - judged,
        verdict=verdict,
        reason=reason,
    )


def _focus_reasons(focus: str, said: set[str], shown: set[str]) -> Iterator[str]:
    """How the works that the corpus gives to the country in question stand to those whose addresses lie there."""
    if said or shown:
        yield (
            f"{len(said):,} works are claimed for {focus}, {len(said & shown):,} of them with an address there; "
            f"{len(shown - said):,} works with an address there are not claimed for it"
        )


def _reasons(tallies: dict[str, _Tally], missing: Counter[str], refused: int) -> Iterator[str]:
    supported = sum(tally.supported for tally in tallies.values())
    contradicted = sum(tally.contradicted for tally in tallies.values())
    claimed = sum(tally.claimed for tally in tallies.values())
    if claimed:
        yield f"of {claimed:,} country codes the addresses support {supported:,} and contradict {contradicted:,}"
        yield f"{claimed - supported - contradicted:,} codes have no address that decides: they are neither right nor wrong here"
    without = missing.pop("", 0)
    if without:
        told = ", ".join(f"{code} {count:,}" for code, count in missing.most_common(3))
        yield f"{without:,} addresses bear no code; {sum(missing.values()):,} countries can be read from them ({told or 'none'})"
    if refused:
        yield f"{refused:,} records could not be read and are not judged"
