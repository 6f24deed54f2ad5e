"""Imports Sigma files: each rule becomes a folder of ours with its author and licence, or is refused with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from vedette.base import VedetteError
from vedette.detections.read import read_rule
from vedette.detections.sigma.model import Joined, Origin, RefusedSigma, Search

if TYPE_CHECKING:
    from sigma.correlations import SigmaCorrelationRule as Correlating
    from sigma.rule import SigmaRule

    SigmaRules = SigmaRule | Correlating

_STRENGTHS = {
    "": "weak",
    "informational": "context",
    "low": "weak",
    "medium": "medium",
    "high": "strong",
    "critical": "strong",
}
_BITS = {"context": 1.0, "weak": 2.0, "medium": 3.0, "strong": 5.0}
_MOST_BYTES = 2_000_000
_NOT_NAME = re.compile(r"[^a-z0-9]+")
_HOUR_US = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one Sigma rule: the folder written, or why it was refused. ``file`` is where it stood."""

    title: str
    file: str
    folder: str = ""
    reason: str = ""

    @property
    def refused(self) -> bool:
        """Whether no folder was written."""
        return bool(self.reason)


def bring(paths: Iterable[Path], into: Path, *, family: str = "behaviour", check: Any = None) -> tuple[Brought, ...]:
    """Read Sigma files and folders of them, and write a rule folder for each rule that can be expressed exactly.

    ``check`` tries a rule's examples and gives what is wrong with them; a rule that fails its own is refused and its folder
    removed. Rules that only serve correlations get no folder of their own. Existing folders are never overwritten.
    """
    if find_spec("sigma") is None:
        raise RefusedSigma("pySigma is not installed", remedy="Install vedette[sigma]")
    return tuple(item for path in paths for file in _files(path) for item in _file(file, into, family, check))


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(item for item in path.rglob("*") if item.suffix in (".yml", ".yaml") and item.is_file())
    else:
        yield path


def _file(file: Path, into: Path, family: str, check: Any) -> Iterator[Brought]:
    from sigma.collection import SigmaCollection

    try:
        if file.stat().st_size > _MOST_BYTES:
            raise RefusedSigma(f"longer than {_MOST_BYTES:,} bytes")
        found = SigmaCollection.from_yaml(file.read_text("utf-8"), collect_errors=True)
        found.resolve_rule_references()
    except (
        Exception
    ) as fault:  # on files that are no rules pySigma fails in many plain ways, each of which is the reason
        yield Brought(file.stem, str(file), reason=_reason(fault))
        return
    if not found.rules:
        yield Brought(file.stem, str(file), reason="holds no rule")
    served = _served(found.rules)
    for rule in found.rules:
        if id(rule) not in served:
            yield _rule(rule, file, into, family, check)


def _served(rules: Iterable[Any]) -> set[int]:
    """Rules that a correlation uses and that are not to be reported by themselves."""
    return {
        id(reference.rule)
        for rule in rules
        if hasattr(rule, "timespan") and not rule.generate
        for reference in rule.rules or ()
    }


def _rule(rule: SigmaRules, file: Path, into: Path, family: str, check: Any) -> Brought:
    title = str(rule.title or file.stem)
    try:
        return Brought(title, str(file), folder=str(_written(rule, into, family, check)))
    except Exception as fault:  # a rule that cannot be followed is refused with its reason, and the next ones go on
        return Brought(title, str(file), reason=_reason(fault))


def _reason(fault: Exception) -> str:
    told = str(fault).splitlines()
    return told[0][:500] if told else type(fault).__name__


def _written(rule: SigmaRules, into: Path, family: str, check: Any) -> Path:
    from sigma.correlations import SigmaCorrelationRule

    from vedette.detections.sigma import reading, sampling, writing

    whose = reading.origin(rule)
    strength = _STRENGTHS.get(whose.level, "weak")
    meaning: Search | Joined
    if isinstance(rule, SigmaCorrelationRule):
        meaning = reading.joined(rule)
        sql, cases = writing.joined_sql(meaning, _BITS[strength]), sampling.joined_examples(meaning)
    else:
        meaning = reading.search(rule)
        sql, cases = writing.search_sql(meaning, _BITS[strength]), sampling.search_examples(meaning)
    folder = into / family / _name(whose, into / family)
    texts = {
        "rule.yml": _yaml(_declaration(whose, folder, strength, meaning)),
        "rule.sql": f"-- Imported from Sigma; author and licence stand in rule.yml.\n{sql}",
        "examples.yml": _yaml({"examples": cases}),
    }
    return _kept(folder, texts, check)


def _kept(folder: Path, texts: dict[str, str], check: Any) -> Path:
    """Write the folder, read it back as strictly as any other rule, and try its examples; or leave nothing behind."""
    folder.mkdir(parents=True)
    try:
        for name, text in texts.items():
            (folder / name).write_text(text, "utf-8")
        made = read_rule(folder)
        problems = check(made) if check is not None else ()
        if problems:
            raise RefusedSigma(f"its examples fail: {problems[0]}")
    except VedetteError:
        for name in texts:
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()
        raise
    return folder


def _name(whose: Origin, family: Path) -> str:
    name = _NOT_NAME.sub("_", whose.title.lower()).strip("_")[:50].strip("_") or "rule"
    name = name if name[0].isalpha() else f"rule_{name}"
    if (family / name).exists():
        name = f"{name}_{_NOT_NAME.sub('', whose.id.lower())[:8]}"
    if (family / name).exists():
        raise RefusedSigma(f"a rule lies in {name} already", remedy="Choose another folder with --into")
    return name


def _declaration(whose: Origin, folder: Path, strength: str, meaning: Search | Joined) -> dict[str, Any]:
    searches = meaning.searches if isinstance(meaning, Joined) else (meaning,)
    span = -(-meaning.span_us // _HOUR_US) if isinstance(meaning, Joined) else 1
    products = ", ".join(sorted({item.product for item in searches}))
    return {
        "id": f"{folder.parent.name}/{folder.name}",
        "version": 1,
        "title": _line(whose.title),
        "caption": f"Imported from Sigma for {products}",
        "family": folder.parent.name,
        "strength": strength,
        "weight_basis": "judged",
        "weight_cap": _BITS[strength],
        "reads": ["logs"],
        "needs": ["logs.event_id"],
        "key": "account_id",
        "lookback": f"{span}h",
        "origin": {
            "format": "sigma",
            "id": whose.id or "none",
            "author": _line(whose.author) or "not named",
            "licence": _line(whose.licence) or "not named",
            "status": "imported",
        },
        "summary": "{count} events of an imported rule: {operations} from {addresses}, {first_seen} to {last_seen}.",
        "why": _line(whose.description) or _line(whose.title),
        "blind_spots": "Events of principals that belong to no known account are not seen; mail addresses are kept as tokens and never compared.",
        "false_positives": _line("; ".join(whose.false_positives)) or "The author names none.",
        "honest_customer": "An administrator whose ordinary work includes these operations.",
        "next_step": "Read the operations in their order, and ask the account holder what they were for.",
        "fairness": "Compares what was done with fixed texts of the rule's author; nothing is read about the person.",
        **_sources(whose),
    }


def _sources(whose: Origin) -> dict[str, list[str]]:
    """What the author refers to, dated as the rule is; nothing where it bears no date."""
    if not whose.date or not whose.references:
        return {}
    return {"sources": [f"{_line(item)}, named by the rule of {whose.date}" for item in whose.references[:3]]}


def _line(text: str) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(plain.replace("{", "(").replace("}", ")").split())[:600]


class _Plain(yaml.SafeDumper):
    """Writes everything out: a reader of rules takes no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(data: dict[str, Any]) -> str:
    return str(yaml.dump(data, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=118))
