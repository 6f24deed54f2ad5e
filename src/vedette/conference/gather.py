"""Submissions brought together with their papers and their authors' profiles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from vedette.conference.model import Paper, Profile, Submission
from vedette.conference.store import held
from vedette.conference.ties import Bundle
from vedette.store import Store

_NUMBER = re.compile(r"(\d+)\D*$")


def bundles(
    submissions: Iterable[Submission], papers: Iterable[Paper], profiles: Iterable[Profile]
) -> Iterator[Bundle]:
    """Each submission with what belongs to it, in order; a paper that no table names stands as a submission of its own."""
    held_profiles = {profile.profile_id: profile for profile in profiles}
    known = {item.submission_id: item for item in submissions}
    of: dict[str, list[Paper]] = {}
    alone: list[Paper] = []
    for paper in papers:
        key = _belongs(paper, known)
        if key is None:
            alone.append(paper)
        else:
            of.setdefault(key, []).append(paper)
    for key, item in known.items():
        own = [held_profiles[each.profile_id] for each in item.authors if each.profile_id in held_profiles]
        yield Bundle(item, tuple(of.get(key, ())), tuple(own))
    for paper in alone:
        yield Bundle(Submission(submission_id=paper.stem, title=paper.title, file=paper.file), (paper,))


def _belongs(paper: Paper, known: Mapping[str, Submission]) -> str | None:
    """The submission whose id is the file's name, or the number at its end."""
    if paper.stem in known:
        return paper.stem
    number = _NUMBER.search(paper.stem)
    if number is None:
        return None
    return next((each for each in (number[1], number[1].lstrip("0")) if each in known), None)


def of_venue(store: Store, venue: str) -> Iterator[Bundle]:
    """Everything that a venue holds; opens the vault."""
    yield from bundles(held.submissions(store, venue), held.papers(store, venue), held.profiles(store, venue))
