"""Named disclosure (tier C): to an authority alone, on a recorded ground, once a second person has agreed; sealed until it leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vedette import accounts, approvals, cases
from vedette.audit import writing
from vedette.base import Clock, Place, Principal, PrincipalKind, Subject, canonical_json, parse_time, stable_id
from vedette.cases.model import Case, Outcome
from vedette.cases.store import final_decisions
from vedette.reports.grounds import choose, routes, still_holds
from vedette.reports.model import Ground
from vedette.sharing.model import Marking, ShareError, Tier, stamp
from vedette.sharing.store.inbound import Disclosed, disclosure, keep_disclosure
from vedette.store import Store

_ACTION = "share.outside"


def ask(
    store: Store,
    principal: Principal,
    case_reference: str,
    *,
    to: str,
    ground: str,
    reference: str,
    home: str,
    clock: Clock,
) -> Disclosed:
    """Make a disclosure about a case that a person confirmed, and ask a second person. Raises ShareError or ReportError."""
    _person(principal)
    route = routes().get(to)
    if route is None or not route.government:
        known = ", ".join(sorted(key for key, found in routes().items() if found.government))
        raise ShareError("named disclosure goes to an authority only", remedy=f"--to one of: {known}")
    if not ground:
        raise ShareError(
            "named disclosure needs its legal ground",
            remedy="`vedette report grounds` shows those that hold here today; give --ground and --reference",
        )
    basis = choose(home, clock.now().date(), ground, reference)
    case = cases.find(store, case_reference)
    _confirmed(store, case)
    content = _content(store, principal, case, to, basis, clock)
    digest = hashlib.sha256(canonical_json(content)).hexdigest()
    key = stable_id("dsc", case.case_id, to, digest)
    with writing(store, principal, "sharing.disclosure_asked", clock=clock) as act:
        asked = approvals.request(act, _ACTION, Subject("disclosure", key), key)
        made = Disclosed(
            id=key,
            case_id=case.case_id,
            recipient=to,
            ground={name: str(value) for name, value in basis.as_json().items()},
            state="waiting",
            sha256=digest,
            made_by=str(principal),
            made_at=act.moment,
            request_id=asked.id,
        )
        act.fact("disclosure", key)
        act.fact("ground", basis.rule)
        act.fact("recipient", to)
        keep_disclosure(act, made, store.vault.seal(key, content))
    return made


def _person(principal: Principal) -> None:
    if principal.kind not in (PrincipalKind.PERSON, PrincipalKind.COMMAND_LINE):
        raise ShareError("only a person discloses", remedy="Sign in")


def _confirmed(store: Store, case: Case) -> None:
    with store.database.reading() as connection:
        made = [item for item in final_decisions(connection) if item.case_id == case.case_id]
    if not any(item.outcome is Outcome.TRUE and item.decision_id == case.decision_id for item in made):
        raise ShareError(
            "no standing decision found this case true", place=Place(case.case_id), remedy="Decide the case first"
        )


def _content(store: Store, principal: Principal, case: Case, to: str, ground: Ground, clock: Clock) -> dict[str, Any]:
    """What leaves. Opening the customers' records leaves a leaf of its own before."""
    customers = cases.revealed(
        store, principal, case.case_id, lambda account: accounts.reveal(store, account) or {}, clock=clock
    )
    told = cases.export(store, case.case_id, clock=clock)
    return {
        "type": "vedette-disclosure",
        "v": 1,
        "tier": Tier.NAMED.value,
        "marking": Marking.RED.value,
        "made_at": stamp(clock.now()),
        "recipient": to,
        "ground": ground.as_json(),
        "case": told,
        "customers": customers,
    }


def find(store: Store, reference: str) -> tuple[Disclosed, Mapping[str, Any]]:
    """A disclosure and its content. Raises ShareError."""
    with store.database.reading() as connection:
        held = disclosure(connection, reference)
    if held is None:
        raise ShareError(
            "is no disclosure", place=Place(reference[:40]), remedy="`vedette share disclosures` names them"
        )
    return held[0], store.vault.open(held[0].id, held[1])


def approve(store: Store, principal: Principal, reference: str, *, clock: Clock) -> Disclosed:
    """Agree as a second person. Raises NotAllowed for whoever asked."""
    found, content = find(store, reference)
    with writing(store, principal, "sharing.disclosure_approved", clock=clock) as act:
        request = approvals.approve(act, found.request_id or "")
        after = replace(found, state="approved") if request.state is approvals.RequestState.APPROVED else found
        act.fact("disclosure", found.id)
        keep_disclosure(act, after, store.vault.seal(found.id, content))
    return after


def reject(store: Store, principal: Principal, reference: str, *, clock: Clock) -> Disclosed:
    """Disagree as a second person: it never leaves."""
    found, content = find(store, reference)
    with writing(store, principal, "sharing.disclosure_rejected", clock=clock) as act:
        approvals.reject(act, found.request_id or "")
        after = replace(found, state="rejected")
        act.fact("disclosure", found.id)
        keep_disclosure(act, after, store.vault.seal(found.id, content))
    return after


def release(store: Store, principal: Principal, reference: str, *, home: str, clock: Clock) -> tuple[Disclosed, bytes]:
    """The file of an approved disclosure, noted as left. Raises ShareError where nobody agreed or the ground fell away."""
    _person(principal)
    found, content = find(store, reference)
    if found.state not in ("approved", "left"):
        raise ShareError(
            f"is {found.state}: a second person must agree first",
            place=Place(found.id),
            remedy=f"Another person runs: vedette share disclosures approve {found.id}",
        )
    data = canonical_json(dict(content))
    if hashlib.sha256(data).hexdigest() != found.sha256:
        raise ShareError("was altered after it was made", place=Place(found.id), remedy="Ask for it anew")
    with writing(store, principal, "sharing.disclosure_left", clock=clock) as act:
        ground = Ground(**{name: found.ground[name] for name in ("kind", "rule", "rule_version", "reference")})
        if not still_holds(ground, home, parse_time(act.moment).date()):
            raise ShareError("its ground no longer holds today", place=Place(found.id), remedy="Ask counsel")
        after = replace(found, state="left", left_at=found.left_at or act.moment)
        act.fact("disclosure", found.id)
        act.fact("sha256", found.sha256)
        keep_disclosure(act, after, store.vault.seal(found.id, content))
    return after, data
