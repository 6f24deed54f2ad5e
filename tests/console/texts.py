"""Finds every text that pages show: in templates, marked in code, and the words of content that templates translate."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from vedette import approvals, policy
from vedette.base import Strength
from vedette.cases.model import CaseStatus
from vedette.cases.read import opening_rule, reasons
from vedette.cases.select import Selection
from vedette.detections import rules
from vedette.doors.keys import Scope
from vedette.doors.pages.render import THEMES
from vedette.linking import weights
from vedette.reports import State, kinds
from vedette.workloads.measured import METHODS
from vedette.workloads.model import JobClass, Tier
from vedette.workloads.store.integrity import CHECKS

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "vedette"
TEMPLATES = sorted((*PACKAGE.glob("*/pages/*.html"), *PACKAGE.glob("server/entry/*.html")))
PAGES = sorted(
    (
        *PACKAGE.glob("*/pages.py"),
        *PACKAGE.glob("*/pages/*.py"),
        PACKAGE / "cases" / "pane.py",
        *PACKAGE.glob("server/*.py"),
    )
)
_CALL = re.compile(r"""_\(\s*(["'])(.+?)\1""")
_WORD = re.compile(r'word\(\s*"(.+?)"')
_TITLE = re.compile(r'"[a-z]+/[a-z_]+\.html",\s*"([^"/]+)"')
_TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_MARKUP = re.compile(r"<!?[a-zA-Z/][^<>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r'[a-z-]+="[^"]*"?')
_SPOKEN = re.compile(r'(?:aria-label|placeholder|title|alt)="([^"]*[a-zA-Z][^"]*)"')
#: What stands in templates in every language alike.
SAME = {"Vedette", "CSV", "JSON", "SHA-256", "Enter", "Ctrl", "Esc", "Ctrl Enter", "UTC", "min"}


def catalogue(language: str) -> dict[str, str]:
    """Every room's texts in a language."""
    found: dict[str, str] = {}
    for file in sorted(PACKAGE.glob(f"*/pages/{language}.json")):
        found.update(json.loads(file.read_text("utf-8")))
    return found


def called(path: Path) -> Iterator[str]:
    """The texts that a template hands to ``_``; beginnings of keys aside."""
    for _, text in _CALL.findall(path.read_text("utf-8")):
        if not text.endswith(": "):
            yield text


def marked(path: Path) -> Iterator[str]:
    """The texts that code marks for pages."""
    text = path.read_text("utf-8")
    yield from _WORD.findall(text)
    yield from _TITLE.findall(text)


def content() -> set[str]:
    """The words of content that templates translate by their value."""
    families = {rule.family for rule in rules()} | {"presence", "screening", "ownership", "linking", "verification"}
    sources = {source.name for source in opening_rule().sources}
    return {
        *(item.value for item in Strength),
        *(item.value for item in CaseStatus),
        *(reason.text for reason in reasons().values()),
        *families,
        *sources,
        *THEMES,
        *(f"report: {name}" for name in kinds()),
        *(f"link: {kind}" for kind in weights().by_name),
        *(f"key may: {scope.value}" for scope in Scope),
        *(f"class: {item.value}" for item in JobClass),
        *(f"tier: {item.value}" for item in Tier),
        *(f"method: {name}" for name in (*METHODS, "unknown")),
        *(f"odd: {name}" for name in (*CHECKS, "power_never_moves", "one_gpu_at_two_accounts")),
        *(f"law: {item.value}" for item in policy.State),
        *(f"filed: {state.value}" for state in State),
        *(f"approval: {action}" for action in approvals.policy().actions),
        *(f"filter: {item.name}" for item in fields(Selection)),
    }


def wanted() -> set[str]:
    """Every text that a catalogue must hold."""
    found = {text for path in TEMPLATES for text in called(path)}
    found |= {text for path in PAGES for text in marked(path)}
    return found | content() | set(catalogue("en")) | {"{n} min", "{n} h", "{n} d"}


def bare(path: Path) -> list[str]:
    """Words that a template shows without handing them to ``_``."""
    text = _TAGS.sub(" ", path.read_text("utf-8"))
    spoken = _SPOKEN.findall(text)
    shown = re.split(r"\s{2,}|\n", _ATTRIBUTE.sub("\n", _MARKUP.sub("\n", text)))
    words = (piece.strip(" ·–—/:×…()#%?◐→+,.[]\"'>") for piece in (*spoken, *shown))
    return [piece for piece in words if re.search(r"[A-Za-z]{2}", piece) and piece not in SAME]
