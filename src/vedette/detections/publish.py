"""The rule book: publish a rule in shadow or live, retire one, except an account; live changes wait for a second person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from vedette import approvals
from vedette.audit import Act, writing
from vedette.base import Clock, ContentError, Principal, Strength, Subject, canonical_json, iso, stable_id
from vedette.detections.model import Rule
from vedette.detections.pack import rules as shipped_rules
from vedette.detections.pack import trial
from vedette.detections.read import read_rule
from vedette.detections.standing import LONGEST_EXCEPTION, Mode, RuleBookError, RuleException, Standing
from vedette.detections.store import rulebook
from vedette.store import ArchiveError, Store

_FILES = (("declaration", "rule.yml"), ("sql", "rule.sql"), ("examples", "examples.yml"))


@dataclass(frozen=True, slots=True)
class Book:
    """The rules of a workspace: which count, which run in shadow, and which published ones can no longer be read.

    ``expired`` are those that counted until the day which they name themselves; only ``on`` tells them apart.
    """

    live: tuple[Rule, ...]
    shadow: tuple[Rule, ...]
    broken: dict[str, str]
    expired: tuple[Rule, ...] = ()

    def on(self, today: date) -> Book:
        """The book as it holds on a day: an expired rule finds nothing more; what it found while it held stays."""
        return Book(
            live=tuple(rule for rule in self.live if not rule.expired(today)),
            shadow=tuple(rule for rule in self.shadow if not rule.expired(today)),
            broken=self.broken,
            expired=tuple(rule for rule in self.live if rule.expired(today)),
        )


def texts_of(rule: Rule) -> bytes:
    """A rule's files as one document for the archive; the SQL as written, with its thresholds still named."""
    return canonical_json(
        {"id": rule.id, "declaration": rule.declaration, "sql": rule.written, "examples": rule.examples}
    )


def book(store: Store) -> Book:
    """The rules in force now: those shipped, unless retired or replaced, and those published in this workspace."""
    lines = rulebook.standings(store)
    live: list[Rule] = [rule for rule in shipped_rules() if rule.id not in lines or _as_shipped(lines[rule.id])]
    shadow: list[Rule] = []
    broken: dict[str, str] = {}
    for rule_id, line in lines.items():
        for running, content_hash in ((live, line.content_hash if line.live else ""), (shadow, line.shadow_hash)):
            try:
                running += [archived(store, content_hash)] if content_hash else []
            except (ContentError, ArchiveError) as fault:
                broken[rule_id] = str(fault)
    return Book(_sorted(live), _sorted(shadow), broken)


def _as_shipped(line: Standing) -> bool:
    return line.live and not line.content_hash


def _sorted(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    return tuple(sorted(rules, key=lambda rule: rule.id))


def archived(store: Store, content_hash: str) -> Rule:
    """A rule from the archive, checked as strictly as a folder. Raises ContentError and ArchiveError."""
    texts = json.loads(store.archive.get(content_hash))
    with TemporaryDirectory() as scratch:
        folder = Path(scratch).joinpath(*texts["id"].split("/"))
        folder.mkdir(parents=True)
        for key, name in _FILES:
            (folder / name).write_text(texts[key], "utf-8")
        return replace(read_rule(folder), folder=f"archive/{content_hash[:12]}/{texts['id']}")


def listed(store: Store) -> list[Standing]:
    """Every rule with its standing, those shipped and never touched included."""
    own = {rule.id: Standing(rule_id=rule.id, live=True, version=rule.version) for rule in shipped_rules()}
    return [line for _, line in sorted({**own, **rulebook.standings(store)}.items())]


def publish(store: Store, principal: Principal, rule: Rule, mode: Mode, *, reason: str, clock: Clock) -> Standing:
    """Put a rule into the book. In shadow at once, beside the version that counts; live when a second person has approved.

    Raises RuleBookError where its own examples fail, where the version is lower than one in the book, or where the same
    version has other texts.
    """
    if mode is Mode.RETIRED:
        raise RuleBookError("a rule is not published as retired", remedy="Use `vedette rules retire`")
    problems = trial(rule)
    if problems:
        raise RuleBookError(f"its examples fail: {problems[0]}", place=rule.place, remedy="Run `vedette rules test`")
    content_hash = store.archive.put(texts_of(rule))
    with writing(store, principal, "rule.publish", clock=clock) as act:
        before = _line(act, rule.id) or Standing(rule_id=rule.id, live=False, version=0)
        _refuse_old_version(before, rule, content_hash)
        act.fact("content_hash", content_hash)
        if mode is Mode.LIVE:
            return _ask(act, replace(before, wanted_version=rule.version, wanted_hash=content_hash), mode, reason)
        return _write(act, replace(before, shadow_version=rule.version, shadow_hash=content_hash), reason)


def _refuse_old_version(line: Standing, rule: Rule, content_hash: str) -> None:
    known = ((line.version, line.content_hash), (line.shadow_version, line.shadow_hash))
    if any(rule.version < version or (rule.version == version and content_hash != held) for version, held in known):
        newest = max(version for version, _ in known)
        raise RuleBookError(
            f"version {newest} of {rule.id} is already in the book",
            place=rule.place,
            remedy=f"Raise version: in rule.yml to {newest + 1}, so that findings tell which text gave them",
        )


def _line(act: Act, rule_id: str) -> Standing | None:
    return rulebook.standing_within(act.connection, rule_id) or _shipped(rule_id)


def _shipped(rule_id: str) -> Standing | None:
    for rule in shipped_rules():
        if rule.id == rule_id:
            return Standing(rule_id=rule_id, live=True, version=rule.version)
    return None


def retire(store: Store, principal: Principal, rule_id: str, *, reason: str, clock: Clock) -> Standing:
    """Stop a rule. Its shadow stops at once; stopping what counts blinds a check and waits for a second person."""
    with writing(store, principal, "rule.retire", clock=clock) as act:
        line = _line(act, rule_id)
        if line is None:
            raise RuleBookError(f"no rule {rule_id!r} in the book", remedy="`vedette rules book` names them all")
        line = replace(line, shadow_version=0, shadow_hash="")
        rulebook.record_shadow(act, rule_id, ())
        return _ask(act, line, Mode.RETIRED, reason) if line.live else _write(act, line, reason)


def _write(act: Act, line: Standing, reason: str) -> Standing:
    if not reason.strip():
        raise RuleBookError("a change of the rule book needs a reason", remedy="Say why with --reason")
    act.fact("rule", line.rule_id)
    act.fact("mode", line.mode.value)
    line = replace(line, reason=reason.strip(), changed_by=str(act.principal), changed_at=act.moment)
    rulebook.put_standing(act, line)
    return line


def _ask(act: Act, line: Standing, mode: Mode, reason: str) -> Standing:
    """Whatever starts or stops counting waits for a second person."""
    if line.wanted_mode is not None:
        raise RuleBookError(
            f"a change of {line.rule_id} already waits", remedy="Approve it, or take it back: `vedette rules reject`"
        )
    reference = f"{mode.value}:{line.wanted_version}:{line.wanted_hash}:{act.moment}"
    request = approvals.request(act, "rule.publish", Subject("rule", line.rule_id), reference)
    act.fact("wanted_mode", mode.value)
    return _write(act, replace(line, wanted_mode=mode, request_id=request.id), reason)


def answer(store: Store, principal: Principal, rule_id: str, *, agree: bool, clock: Clock) -> Standing:
    """A second person's answer to what waits for a rule; its maker may only take it back. Raises approvals.NotAllowed."""
    with writing(store, principal, "rule.approve" if agree else "rule.reject", clock=clock) as act:
        line = rulebook.standing_within(act.connection, rule_id)
        if line is None or line.wanted_mode is None:
            raise RuleBookError(f"nothing waits for {rule_id!r}", remedy="`vedette rules book` shows what waits")
        act.fact("rule", rule_id)
        request = _answered(act, line, agree)
        if request.state is approvals.RequestState.WAITING:
            return line
        line = line.granted() if agree else line.settled()
        act.fact("mode", line.mode.value)
        rulebook.put_standing(act, line)
        return line


def _answered(act: Act, line: Standing, agree: bool) -> approvals.Request:
    if agree:
        return approvals.approve(act, line.request_id)
    try:
        return approvals.withdraw(act, line.request_id)
    except approvals.NotAllowed:
        return approvals.reject(act, line.request_id)


def except_account(
    store: Store,
    principal: Principal,
    rule: Rule,
    account_id: str,
    *,
    reason: str,
    expires_at: datetime,
    clock: Clock,
) -> RuleException:
    """Let a rule leave one account alone until a day at most LONGEST_EXCEPTION away. A rule that stops has no exceptions."""
    now = clock.now()
    if rule.strength is Strength.STOP:
        raise RuleBookError(
            f"{rule.id} holds for a person: it takes no exceptions", remedy="Decide its cases one by one"
        )
    if not reason.strip():
        raise RuleBookError("an exception needs a reason", remedy="Say why with --reason")
    if not now < expires_at <= now + LONGEST_EXCEPTION:
        raise RuleBookError(
            f"an exception ends within {LONGEST_EXCEPTION.days} days from now",
            remedy="Choose an earlier day with --until",
        )
    item = RuleException(
        id=stable_id("exc", rule.id, account_id, iso(now)),
        rule_id=rule.id,
        account_id=account_id,
        reason=reason.strip(),
        owner=str(principal),
        created_at=now,
        expires_at=expires_at,
    )
    with writing(store, principal, "rule.except", clock=clock) as act:
        act.fact("exception", item.id)
        act.fact("rule", rule.id)
        rulebook.put_exception(act, item)
    return item


def end_exception(store: Store, principal: Principal, exception_id: str, *, clock: Clock) -> RuleException:
    """End an exception before its day."""
    with writing(store, principal, "rule.except.end", clock=clock) as act:
        item = rulebook.exception_within(act.connection, exception_id)
        if item is None or item.ended_at is not None:
            raise RuleBookError(
                f"no exception {exception_id!r} in force", remedy="`vedette rules exceptions` lists them"
            )
        act.fact("exception", exception_id)
        item = replace(item, ended_by=str(principal), ended_at=clock.now())
        rulebook.put_exception(act, item)
        return item
