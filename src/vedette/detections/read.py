"""Strict reading of one rule's folder: rule.yml, rule.sql and examples.yml, or an error naming file, line and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from sqlglot import exp

from vedette.base import ContentError, Place, Record, Strength, read_record, unique
from vedette.detections import guard, lint
from vedette.detections.examples import read_examples
from vedette.detections.model import VALUE_PREFIX, Basis, Need, Provenance, Rule, Shows, Weight
from vedette.detections.parameters import filled, read_parameters

_ID = re.compile(r"^[a-z][a-z0-9_]*/[a-z][a-z0-9_]*$")
_CITATION = re.compile(r"^[A-Z]{2,4}-[0-9]{2}$")
_DATED = re.compile(r"\b(19|20)[0-9]{2}\b")
_LOOKBACK = re.compile(r"^(all|[1-9][0-9]*[hd])$")
_NEED = re.compile(r"^([a-z_]+)\.([a-z_]+)$")
_KEYS = ("account_id", "device_id", "instrument_id", "ip", "contact", "document", "referrer_account_id")
_EVIDENCE = ("event", "payment", "account")
_BUILT_IN = ("count", "accounts", "first_seen", "last_seen")
_SHIPPED = Path(__file__).parent / "rules"


def read_rules(*folders: Path) -> tuple[Rule, ...]:
    """Every rule under these folders (those shipped with the program by default), sorted by id.

    Raises ContentError for the first folder that breaks a law, and for an id that two folders claim.
    """
    found = [read_rule(folder) for root in folders or (_SHIPPED,) for folder in sorted(_rule_folders(root))]
    unique(((rule.id, rule.place) for rule in found), "rule id")
    return tuple(sorted(found, key=lambda rule: rule.id))


def _rule_folders(root: Path) -> Iterator[Path]:
    for family in root.iterdir():
        if family.is_dir() and not family.name.startswith((".", "__")):
            yield from (folder for folder in family.iterdir() if folder.is_dir() and not folder.name.startswith("__"))


def read_rule(folder: Path) -> Rule:
    """The rule that a folder holds, checked whole: declaration, SQL, fairness and examples."""
    texts = {name: _text(folder, name) for name in ("rule.yml", "rule.sql", "examples.yml")}
    record = read_record(texts["rule.yml"], str(folder / "rule.yml"))
    rule = _declared(record, folder, texts)
    record.finish()
    tree = guard.check(rule.sql, rule.reads, str(folder / "rule.sql"))
    _check_fairness(tree, rule, folder)
    _check_summary(tree, rule)
    _check_examples(rule, folder)
    return rule


def _text(folder: Path, name: str) -> str:
    path = folder / name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError("is missing", place=Place(str(path)), remedy="See docs/how-to/add-a-detection.md") from None
    except UnicodeDecodeError:
        raise ContentError("is not UTF-8", place=Place(str(path)), remedy="Save it as UTF-8") from None


def _declared(record: Record, folder: Path, texts: dict[str, str]) -> Rule:
    lint.check_texts(_shown(record))
    parameters = read_parameters(record)
    origin = _origin(record)
    return Rule(
        id=_id(record, folder),
        version=record.take_int("version"),
        title=record.take_text("title"),
        caption=record.take_text("caption"),
        family=_family(record, folder),
        strength=Strength(record.take_choice("strength", [word.value for word in Strength])),
        reads=record.take_texts("reads"),
        key=record.take_choice("key", _KEYS),
        lookback=_matching(record, "lookback", _LOOKBACK, "Write for example 30d, 12h or all"),
        citation=_citation(record, optional=origin is not None),
        why=record.take_text("why"),
        blind_spots=record.take_text("blind_spots", remedy="Say what the rule cannot see"),
        false_positives=record.take_text("false_positives"),
        honest_customer=record.take_text("honest_customer", remedy="Describe an honest customer who trips the rule"),
        next_step=record.take_text("next_step", remedy="Say what the reviewer looks at next"),
        fairness=record.take_text("fairness"),
        summary=record.take_text("summary"),
        evidence=record.take_choice("evidence", _EVIDENCE, "event"),
        needs=_needs(record),
        weight=Weight(
            Basis(record.take_choice("weight_basis", [word.value for word in Basis])), record.take_number("weight_cap")
        ),
        sql=filled(texts["rule.sql"], parameters, str(folder / "rule.sql")),
        written=texts["rule.sql"],
        parameters=parameters,
        sources=_sources(record),
        expires=record.take_day("expires", optional=True),
        origin=origin,
        declaration=texts["rule.yml"],
        examples=texts["examples.yml"],
        folder=str(folder),
    )


def _id(record: Record, folder: Path) -> str:
    name = _matching(record, "id", _ID, "Write family/name in lower case")
    own = f"{folder.parent.name}/{folder.name}"
    if name != own:
        raise ContentError(
            f"id {name!r} is not the folder {own!r}", place=Place(record.file, None, "id"), remedy="Rename one"
        )
    return name


def _family(record: Record, folder: Path) -> str:
    where = record.place("family")
    family = record.take_text("family")
    if family != folder.parent.name:
        raise ContentError(f"family {family!r} is not the folder's", place=where, remedy=f"Write {folder.parent.name}")
    return family


def _matching(record: Record, key: str, pattern: re.Pattern[str], remedy: str) -> str:
    where = record.place(key)
    text = record.take_text(key, remedy=remedy)
    if not pattern.match(text):
        raise ContentError(f"{key!r} is {text!r}", place=where, remedy=remedy)
    return text


def _origin(record: Record) -> Provenance | None:
    """Whose rule it is, where it was imported: such a rule may cite its author instead of a requirement."""
    if not record.has("origin"):
        return None
    held = record.take_record("origin")
    found = Provenance(**{name: held.take_text(name) for name in ("format", "id", "author", "licence", "status")})
    held.finish()
    return found


def _citation(record: Record, *, optional: bool) -> tuple[str, ...]:
    where = record.place("citation")
    found = record.take_texts("citation", optional=optional)
    for item in found:
        if not _CITATION.match(item):
            raise ContentError(f"{item!r} is no requirement id", place=where, remedy="Write for example NET-04")
    return found


def _sources(record: Record) -> tuple[str, ...]:
    where = record.place("sources")
    found = record.take_texts("sources", optional=True)
    for item in found:
        if not _DATED.search(item):
            raise ContentError(f"{item!r} has no date", place=where, remedy="Write for example: FBI, 2025-07-23")
    return found


def _needs(record: Record) -> tuple[Need, ...]:
    where = record.place("needs")
    found = [Need(tuple(item.split(" or "))) for item in record.take_texts("needs", optional=True)]
    for column in (column for need in found for column in need.columns):
        if not _NEED.match(column):
            raise ContentError(
                f"{column!r} is no table.column", place=where, remedy="Write for example signins.device_id"
            )
    return tuple(found)


def _shown(record: Record) -> list[tuple[str, str, Place]]:
    """The sentences a reviewer reads as reason or step; what is missing is reported when it is taken."""
    keys = ("title", "caption", "why", "summary", "next_step")
    values = record_texts(record, keys)
    return [(key, text, record.place(key)) for key, text in values.items()]


def record_texts(record: Record, keys: tuple[str, ...]) -> dict[str, str]:
    """The texts under these keys without taking them."""
    from vedette.base import plain

    held = plain(record)
    return {key: held[key] for key in keys if isinstance(held.get(key), str)}


def _check_fairness(tree: exp.Expr, rule: Rule, folder: Path) -> None:
    file = str(folder / "rule.sql")
    names = [(node.name, Place(file, guard.line_of(node))) for node in tree.find_all(exp.Column)]
    names += [(item.alias, Place(file, guard.line_of(item))) for item in tree.find_all(exp.Alias)]
    lint.check_columns(names)
    literals = (node for node in tree.find_all(exp.Literal) if node.is_string)
    lint.check_literals((node.name, Place(file, guard.line_of(node.parent or node))) for node in literals)
    lint.check_columns((column.partition(".")[2], rule.place) for need in rule.needs for column in need.columns)


def _check_summary(tree: exp.Expr, rule: Rule) -> None:
    assert isinstance(tree, exp.Select)
    values = {item.alias_or_name.removeprefix(VALUE_PREFIX) for item in tree.expressions}
    place = Place(rule.place.file, None, "summary")
    try:
        fields = [part for part in Formatter().parse(rule.summary) if part[1] is not None]
    except ValueError:
        raise ContentError("braces of the summary do not match", place=place, remedy="Write {name}") from None
    for _, name, form, conversion in fields:
        if form or conversion or name not in values | set(_BUILT_IN):
            known = ", ".join(sorted(values | set(_BUILT_IN)))
            raise ContentError(f"the summary cannot show {{{name}}}", place=place, remedy=f"Known: {known}")


def _check_examples(rule: Rule, folder: Path) -> None:
    file = str(folder / "examples.yml")
    cases = read_examples(rule.examples, file)
    unique(((case.name, case.place) for case in cases), "example")
    for shows in Shows:
        if not any(case.shows is shows for case in cases):
            raise ContentError(f"no example that shows: {shows.value}", place=Place(file), remedy="Add one")
    for case in cases:
        unread = set(case.given) - set(rule.reads)
        if unread:
            raise ContentError(
                f"example {case.name!r} gives {sorted(unread)[0]!r}, which the rule does not read",
                place=case.place,
                remedy="Drop it, or add it to reads:",
            )
