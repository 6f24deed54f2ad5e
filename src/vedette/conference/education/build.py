"""Builds the kit in memory: every document in every language and format, the quiz, the indexes and the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from vedette import policy
from vedette.base import Clock, Json, iso, parse_time
from vedette.conference.education import content, page, reading
from vedette.conference.education.model import Kit, Language, Made, Rules, Topics
from vedette.conference.education.render import Ground, render
from vedette.documents import docx, markdown, pdf
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
        for document in made:
            files.update(_documents(document, languages, formats, given))
            entries.append(_entry(document))
        files.update(_pages(made, language, languages, formats, ground))
        notes.extend(_stale(language, made))
    days = {language.code: language.write_day(ground.moment.date()) for language in languages}
    files["index.html"] = page.languages_page(languages, days)
    return Kit(files=files, manifest=_manifest(files, entries, notes, ground), notes=tuple(notes))


def found_faces() -> tuple[bytes, ...]:
    """The first common TrueType font of this machine that holds Cyrillic, if any; none is shipped."""
    return next(((Path(name).read_bytes(),) for name in _FACES if Path(name).is_file()), ())


def _documents(
    made: Made, languages: Sequence[Language], formats: Sequence[str], faces: Sequence[bytes]
) -> Iterator[tuple[str, bytes]]:
    writers: dict[str, Callable[[], bytes]] = {
        "html": lambda: page.document_page(
            made, languages, formats, made.language.write_day(parse_time(made.paper.made_at).date())
        ),
        "md": lambda: markdown.write(made.paper).encode(),
        "docx": lambda: docx.write(made.paper),
        "pdf": lambda: pdf.write(made.paper, faces=faces),
    }
    for each in formats:
        yield f"{made.language.code}/{made.declaration.id}.{each}", writers[each]()


def _pages(
    made: Sequence[Made], language: Language, languages: Sequence[Language], formats: Sequence[str], ground: Ground
) -> dict[str, bytes]:
    as_of = language.write_day(ground.moment.date())
    return {
        f"{language.code}/index.html": page.index_page(made, languages, formats, as_of),
        f"{language.code}/quiz.html": page.quiz_page(content.quiz(language.code), language, languages, as_of),
        f"{language.code}/{page.SCRIPT}": page.script(),
    }


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
