"""Builds the kit in memory: every document in every language and format, the quiz, the indexes and the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from vedette import policy
from vedette.base import Clock, Json, iso
from vedette.conference.education import content, page, reading
from vedette.conference.education.model import Kit, Language, Made, Rules, Topics
from vedette.conference.education.render import Ground, quiz_paper, render
from vedette.documents import Document, docx, markdown, pdf
from vedette.policy import Rule

LICENCE = "CC-BY-4.0"
_PDF_NEEDS_FACE = frozenset({"ru"})
_FACES = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/Library/Fonts/Arial Unicode.ttf",
    "/System/Library/Fonts/Supplemental/Arial.ttf",
    "C:/Windows/Fonts/arial.ttf",
)


def build(
    languages: Sequence[Language],
    *,
    clock: Clock,
    topic: str = "",
    register: Mapping[str, Rule] | None = None,
    faces: Sequence[bytes] | None = None,
) -> Kit:
    """The whole kit for these languages on the clock's day. Equal content on an equal moment gives equal bytes.

    ``register`` are the policy rules by id, the shipped ones where None; ``faces`` the TrueType files for Cyrillic,
    looked for on this machine where None. Raises KitError for an unknown topic.
    """
    rules = {rule.id: rule for rule in policy.rules()} if register is None else register
    ground = Ground(moment=clock.now(), register=rules, topic=topic)
    given = found_faces() if faces is None else tuple(faces)
    files: dict[str, bytes] = {}
    entries: list[Json] = []
    notes: list[str] = []
    for language in languages:
        made = [render(declaration, language, ground) for declaration in content.declarations()]
        formats = (
            ("html", "md", "docx", "pdf") if given or language.code not in _PDF_NEEDS_FACE else ("html", "md", "docx")
        )
        if "pdf" not in formats:
            notes.append(f"{language.code}: no PDF, for no font with Cyrillic was found on this machine")
        press = _Press(language=language, languages=languages, formats=formats, faces=given, moment=ground.moment)
        files.update(press.files(made))
        entries.extend(map(_entry, made))
        notes.extend(_stale(language, made))
    days = {language.code: language.write_day(ground.moment.date()) for language in languages}
    files["index.html"] = page.languages_page(languages, days)
    return Kit(files=files, manifest=_manifest(files, entries, notes, ground), notes=tuple(notes))


def found_faces() -> tuple[bytes, ...]:
    """The first common TrueType font of this machine that holds Cyrillic, if any; none is shipped."""
    return next(((Path(name).read_bytes(),) for name in _FACES if Path(name).is_file()), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    """What every file of one language is written with."""

    language: Language
    languages: Sequence[Language]
    formats: Sequence[str]
    faces: Sequence[bytes]
    moment: datetime

    @property
    def as_of(self) -> str:
        return self.language.write_day(self.moment.date())

    def papers(self, name: str, paper: Document) -> Iterator[tuple[str, bytes]]:
        """One paper in every format but the page."""
        writers: dict[str, Callable[[], bytes]] = {
            "md": lambda: markdown.write(paper).encode(),
            "docx": lambda: docx.write(paper),
            "pdf": lambda: pdf.write(paper, faces=self.faces),
        }
        for each in self.formats:
            if each in writers:
                yield f"{self.language.code}/{name}.{each}", writers[each]()

    def files(self, made: Sequence[Made]) -> Iterator[tuple[str, bytes]]:
        """Every file of the language."""
        code, shelf = self.language.code, (self.languages, self.formats, self.as_of)
        for document in made:
            yield f"{code}/{document.declaration.id}.html", page.document_page(document, *shelf)
            yield from self.papers(document.declaration.id, document.paper)
        quiz = content.quiz(code)
        yield f"{code}/quiz.html", page.quiz_page(quiz, self.language, *shelf)
        yield from self.papers("quiz", quiz_paper(quiz, self.language, self.moment))
        yield f"{code}/index.html", page.index_page(made, *shelf)
        yield f"{code}/{page.SCRIPT}", page.script()


def _entry(made: Made) -> Json:
    level = made.language.level
    return {
        "document": made.declaration.id,
        "language": made.language.code,
        "title": made.title,
        "reading": {
            "measure": level.measure,
            "value": reading.measure(made.language, reading.prose(made)),
            "limit": level.limit,
        },
    }


def _stale(language: Language, made: Sequence[Made]) -> list[str]:
    """Which rules stand in the register's English, for want of a rendering of the present wording."""
    rules = [item for each in made for part in each.parts if isinstance(part, Rules) for item in part.items]
    ids = sorted({item.rule.id for item in rules if item.foreign})
    topics = any(part.foreign for each in made for part in each.parts if isinstance(part, Topics))
    told = [
        f"{language.code}: {id} stands in English; its rendering is missing or older than its wording" for id in ids
    ]
    return told + ([f"{language.code}: a topic stands in English"] if topics else [])


def _manifest(files: Mapping[str, bytes], entries: list[Json], notes: list[str], ground: Ground) -> dict[str, Json]:
    cited = {rule for declaration in content.declarations() for rule in declaration.rules}
    return {
        "kind": "vedette-education-kit",
        "made_at": iso(ground.moment),
        "licence": LICENCE,
        "topic": ground.topic,
        "quiz": content.quiz_version(),
        "rules": {id: ground.register[id].version for id in sorted(cited)},
        "documents": entries,
        "notes": list(notes),
        "files": {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)},
    }


def summary(kit: Kit) -> list[dict[str, Any]]:
    """One row a language: how many documents and files it has, and how hard its hardest text is."""
    documents: Any = kit.manifest["documents"]
    rows = []
    for code in dict.fromkeys(entry["language"] for entry in documents):
        own = [entry for entry in documents if entry["language"] == code]
        hardest = max(own, key=lambda entry: entry["reading"]["value"])
        rows.append(
            {
                "language": code,
                "documents": len(own),
                "files": sum(name.startswith(f"{code}/") for name in kit.files),
                "measure": hardest["reading"]["measure"],
                "hardest": hardest["document"],
                "value": hardest["reading"]["value"],
                "limit": hardest["reading"]["limit"],
            }
        )
    return rows
