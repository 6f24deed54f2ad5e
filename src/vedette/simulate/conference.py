"""An invented conference with planted and confusable ties: submissions, profiles, paper sources, a registry, a list and the truth."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vedette.simulate.conference_texts import (
    CONFUSABLE,
    PHRASINGS,
    TOPICS,
    USES,
    Trick,
)
from vedette.simulate.conference_world import House, authors_of, houses, registry_line, watch_line

_NOTICE = "Simulated. Every institution, person and paper here is invented, save the institutions of the DPRK that are named.\n"
_PLANTED_SHARE, _CONFUSABLE_SHARE, _DPRK_SHARE, _MILITARY_SHARE = 0.03, 0.15, 0.002, 0.006
_DPRK = (
    ("Kim Chaek University of Technology, Pyongyang, DPR Korea", "kp:kcut"),
    ("Kim Il Sung University, Pyongyang, Democratic People's Republic of Korea", "kp:kisu"),
    ("Ryanggang University of Technology, Hyesan 999083, DPR Korea", ""),
)


@dataclass(frozen=True, slots=True)
class ConferencePlan:
    """How large, from which seed, in which of the four sets of sentences; the same plan gives the same bytes."""

    submissions: int = 5_000
    seed: int = 11
    year: int = 2026
    phrasing: str = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceSummary:
    """Where things were written, and how many of which kind."""

    folder: Path
    venue: Path
    registry: Path
    watchlist: Path
    truth: Path
    submissions: int
    planted: int
    confusable: int


@dataclass(slots=True)
class Draft:
    """A submission in the making; ``latex`` are the lines of its source that speak of ties."""

    number: int
    title: str
    abstract: str
    authors: list[dict[str, Any]]
    latex: list[str]
    statement: dict[str, Any] | None
    kind: str = "ordinary"
    institution: str = ""
    expected: str = ""
    block: list[str] = field(default_factory=list)


def conference(folder: Path, plan: ConferencePlan) -> ConferenceSummary:
    """Write the invented conference into a folder."""
    chance = random.Random(plan.seed)
    world = houses(chance)
    drafts = [_draft(number, world, plan, chance) for number in range(1, plan.submissions + 1)]
    venue = folder / "venue"
    (venue / "papers").mkdir(parents=True, exist_ok=True)
    (folder / "SIMULATED.txt").write_text(_NOTICE, encoding="utf-8")
    _write_venue(venue, drafts)
    registry, watchlist, truth = folder / "registry.jsonl", folder / "invented_list.ftm.json", folder / "truth.csv"
    registry.write_text("".join(registry_line(house) + "\n" for house in world), encoding="utf-8")
    watchlist.write_text("".join(watch_line(house) + "\n" for house in world if house.listed), encoding="utf-8")
    _write_truth(truth, drafts)
    return ConferenceSummary(
        folder=folder,
        venue=venue,
        registry=registry,
        watchlist=watchlist,
        truth=truth,
        submissions=len(drafts),
        planted=sum(draft.expected == "ask" for draft in drafts),
        confusable=sum(draft.kind in CONFUSABLE for draft in drafts),
    )


def _draft(number: int, world: list[House], plan: ConferencePlan, chance: random.Random) -> Draft:
    topic = chance.choice(TOPICS)
    group = authors_of(world, chance)
    draft = Draft(
        number=number,
        title=topic.title(chance),
        abstract=topic.abstract(chance),
        authors=group,
        latex=[],
        statement=_statement(world, chance),
    )
    _ordinary(draft, world, chance)
    planted, confusable = PHRASINGS[plan.phrasing]
    roll = chance.random()
    if roll < _PLANTED_SHARE:
        _trick(draft, planted, world, plan, chance, "ask")
    elif roll < _PLANTED_SHARE + _CONFUSABLE_SHARE:
        _trick(draft, confusable, world, plan, chance, "none")
    elif roll < _PLANTED_SHARE + _CONFUSABLE_SHARE + _DPRK_SHARE:
        _dprk(draft, chance)
    elif roll < _PLANTED_SHARE + _CONFUSABLE_SHARE + _DPRK_SHARE + _MILITARY_SHARE:
        _military(draft, chance)
    return draft


def _statement(world: list[House], chance: random.Random) -> dict[str, Any]:
    funders = [house.name for house in chance.sample([each for each in world if each.funder], chance.randint(0, 2))]
    return {"intended_use": chance.choice(("", "civilian", "basic research")), "funders": funders, "partners": []}


def _ordinary(draft: Draft, world: list[House], chance: random.Random) -> None:
    """What most papers say of themselves: their authors' places once more, thanks, and the funders that were stated."""
    draft.block = list(dict.fromkeys(author["affiliation"] for author in draft.authors))
    told = draft.statement["funders"] if draft.statement else []
    if told:
        form = chance.choice(
            (
                "This work was supported by the {}.",
                "Supported in part by {} under grant 4{n}.",
                "We acknowledge funding from {}.",
            )
        )
        draft.latex.append(
            "\\section*{Acknowledgments}\n" + form.format(" and the ".join(told), n=chance.randint(1000, 9999))
        )
    elif chance.random() < 0.5:
        draft.latex.append("\\section*{Acknowledgments}\nWe thank the anonymous reviewers for their comments.")


def _trick(
    draft: Draft,
    tricks: dict[str, Trick],
    world: list[House],
    plan: ConferencePlan,
    chance: random.Random,
    expected: str,
) -> None:
    kind = chance.choice(sorted(tricks))
    used = {author["house"].id for author in draft.authors}
    others = [each for each in world if each.id not in used and not each.funder and each.parent not in used]
    other = chance.choice([each for each in others if each.listed] if chance.random() < 0.4 else others)
    made = tricks[kind](draft, other, world, plan.year, chance)
    draft.kind, draft.expected = kind, expected
    draft.institution = made.id if made is not None else ""


def _dprk(draft: Draft, chance: random.Random) -> None:
    """A disclosed tie to an institution of the DPRK: law speaks of it, and nothing is hidden."""
    text, identity = chance.choice(_DPRK)
    stay = {"start": 2020, "end": None, "institution": {"name": text}}
    draft.authors[0] |= {"affiliation": text, "email": "", "history": [stay]}
    draft.block = [author["affiliation"] for author in draft.authors]
    draft.kind, draft.expected, draft.institution = "dprk_disclosed", "inform", identity


def _military(draft: Draft, chance: random.Random) -> None:
    use = chance.choice(sorted(USES))
    title, declared, asked = USES[use]
    draft.title = title
    draft.kind, draft.expected = use, "ask" if asked else "none"
    draft.statement = {"intended_use": declared, "funders": [], "partners": []}
    draft.latex = []


def _write_venue(venue: Path, drafts: list[Draft]) -> None:
    half = len(drafts) // 2
    papers = [_hotcrp(draft) for draft in drafts[:half]]
    notes = [_note(draft) for draft in drafts[half:]]
    profiles = [_profile(draft, author) for draft in drafts[half:] for author in draft.authors]
    (venue / "hotcrp.json").write_text(json.dumps(papers, ensure_ascii=False), encoding="utf-8")
    told = {"notes": notes, "profiles": profiles}
    (venue / "openreview.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    for draft in drafts:
        (venue / "papers" / f"{draft.number}.tex").write_text(_source(draft), encoding="utf-8")


def _hotcrp(draft: Draft) -> dict[str, Any]:
    return {
        "object": "paper",
        "pid": draft.number,
        "status": "submitted",
        "title": draft.title,
        "abstract": draft.abstract,
        "authors": [
            {key: author[key] for key in ("first", "last", "email", "affiliation") if author[key]}
            for author in draft.authors
        ],
        "submitted_at": 1_770_000_000,
        **(draft.statement or {}),
    }


def _note(draft: Draft) -> dict[str, Any]:
    content: dict[str, Any] = {
        "title": draft.title,
        "abstract": draft.abstract,
        "authors": [f"{author['first']} {author['last']}" for author in draft.authors],
        "authorids": [_profile_id(draft, author) for author in draft.authors],
        "affiliations": [author["affiliation"] for author in draft.authors],
        **(draft.statement or {}),
    }
    return {
        "id": str(draft.number),
        "cdate": 1_770_000_000_000,
        "content": {key: {"value": value} for key, value in content.items()},
    }


def _profile_id(draft: Draft, author: dict[str, Any]) -> str:
    return f"~{author['first']}_{author['last']}{draft.number}"


def _profile(draft: Draft, author: dict[str, Any]) -> dict[str, Any]:
    house: House = author["house"]
    history = author["history"] or [
        {
            "position": "Researcher",
            "start": 2021,
            "end": None,
            "institution": {"name": house.name, "domain": house.domain},
        }
    ]
    return {
        "id": _profile_id(draft, author),
        "state": "Active",
        "content": {"names": [{"fullname": ""}], "emails": [author["email"]], "history": history},
    }


def _source(draft: Draft) -> str:
    names = " \\and ".join(f"{author['first']} {author['last']}" for author in draft.authors)
    places = "\n".join(f"\\affil{{{place}}}" for place in draft.block)
    body = "\n\n".join(draft.latex)
    return (
        f"\\documentclass{{article}}\n\\title{{{draft.title}}}\n\\author{{{names}}}\n{places}\n\\begin{{document}}\n"
        f"\\begin{{abstract}}{draft.abstract}\\end{{abstract}}\n{body}\n\\bibliography{{refs}}\n\\end{{document}}\n"
    )


def _write_truth(path: Path, drafts: list[Draft]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("submission_id", "kind", "institution_id", "expected"))
        for draft in drafts:
            writer.writerow((draft.number, draft.kind, draft.institution, draft.expected or "none"))


__all__ = ["ConferencePlan", "ConferenceSummary", "Draft", "conference"]
