"""On the command line: what titles say of civilian and military potential."""

from __future__ import annotations

import json as to_json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from vedette import doors
from vedette.observatory.commands.group import app


@app.command()
def classify(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="Titles one a line, or JSON lines or CSV with title and abstract; - for input.")
    ],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the answers here instead.")] = None,
    json: doors.JSON = False,
) -> None:
    """Classify titles: one JSON line for each input line, in order, also when nothing is found.

    {title, potential, categories, phrases, civilian, methods, topics, reasons, dictionary}. The potential is civilian, dual,
    military-significant or undetermined: evidence for a reader, from the words of title and abstract alone. Authors, addresses
    and countries are not looked at.

    Example: vedette observatory classify titles.txt -o classified.jsonl
    """
    from vedette.observatory.topics.titles import titles

    session = doors.session(context, json=json)
    tally: Counter[str] = Counter()
    with doors.sink(output) as out, doors.progress(session, "Classifying") as bar:
        for entry in titles(file):
            answer = _answer(entry.title, entry.abstract, entry.problem)
            tally[answer["potential"]] += 1
            out.write(to_json.dumps(answer, ensure_ascii=False) + "\n")
            bar.advance()
    told = ", ".join(f"{count:,} {name}" for name, count in sorted(tally.items())) or "none"
    doors.warn(f"{sum(tally.values()):,} titles: {told}")


def _answer(title: str, abstract: str, problem: str) -> dict[str, Any]:
    from vedette.observatory.topics import classify as judge

    if not problem:
        return judge(title, abstract).as_json()
    return {**judge("").as_json(), "title": title, "reasons": [problem], "error": problem}


@app.command()
def controls(context: typer.Context, json: doors.JSON = False) -> None:
    """Show the control lists that titles are compared with: status, source, when checked, and what was not verified.

    Example: vedette observatory controls
    """
    from vedette.policy.controls import dictionary

    session = doors.session(context, json=json)
    rows = [
        {
            "scheme": scheme.id,
            "category": category.id,
            "label": category.label[0],
            "paragraph": category.paragraph,
            "status": scheme.status.value,
            "source": scheme.source,
            "checked_on": scheme.checked_on.isoformat(),
            "verified": scheme.verified,
            "caveat": scheme.caveat,
        }
        for scheme in dictionary().schemes
        for category in scheme.categories
    ]
    doors.emit(session, rows, columns=("scheme", "category", "label", "paragraph", "status", "verified"))
