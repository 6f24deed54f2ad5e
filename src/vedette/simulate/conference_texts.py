"""What invented papers say: topics, ties that the form does not name, and sentences that only look like such ties."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from vedette.simulate.conference_world import House

#: (draft, another institution, the world, the year, chance) -> the institution that the trick is about, if any
Trick = Callable[[Any, House, Sequence[House], int, random.Random], House | None]


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject: words for titles and for an abstract."""

    subjects: tuple[str, ...]
    tasks: tuple[str, ...]

    def title(self, chance: random.Random) -> str:
        """A title."""
        return f"{chance.choice(self.tasks)} for {chance.choice(self.subjects)}"

    def abstract(self, chance: random.Random) -> str:
        """Two sentences."""
        return (
            f"We study {chance.choice(self.tasks).lower()} in {chance.choice(self.subjects)}. "
            "Experiments on public data show consistent gains over strong baselines."
        )


TOPICS = (
    Topic(("graph data", "recommendation", "e-commerce search"), ("Contrastive Learning", "Fast Attention", "Pruning")),
    Topic(
        ("medical images", "hospital records", "protein folding"), ("Segmentation", "Federated Learning", "Calibration")
    ),
    Topic(("question answering", "dialogue", "translation"), ("Retrieval", "Prompt Tuning", "Distillation")),
    Topic(("adversarial attacks", "spam", "model stealing"), ("A Defense", "Certified Robustness", "Detection")),
    Topic(("crop yields", "weather", "traffic"), ("Forecasting", "Uncertainty Estimates", "Transfer Learning")),
)
#: name -> (title, declared use, whether a question is right)
USES = {
    "military_undeclared": ("Guidance of Ballistic Missile Warheads by Deep Reinforcement Learning", "civilian", True),
    "military_silent": ("Torpedo Homing against Submarines with Learned Sonar Policies", "", True),
    "military_declared": ("Target Recognition for Anti-Tank Guided Missiles", "military: national defence", False),
    "military_words_game": ("Playing the Arcade Game Missile Command from Pixels", "civilian", False),
    "military_words_attack": ("A Defense against Adversarial Attacks on Image Classifiers", "", False),
    "military_words_history": ("A Corpus of Letters from the Battle of Waterloo", "basic research", False),
}


def _note(draft: Any, text: str) -> None:
    draft.latex.insert(0, f"Introduction.\\footnote{{{text}}}")


def _thanks(draft: Any, text: str) -> None:
    if draft.latex and draft.latex[-1].startswith("\\section*{Ack"):
        draft.latex[-1] += " " + text
    else:
        draft.latex.append("\\section*{Acknowledgements}\n" + text)


def _says(*forms: str, note: bool) -> Trick:
    """A trick that writes one of these sentences about the other institution."""

    def made(draft: Any, other: House, world: Sequence[House], year: int, chance: random.Random) -> House:
        author = draft.authors[0]
        name = f"{author['first'][0]}. {author['last']}"
        text = chance.choice(forms).format(
            other=other.name, full=other.affiliation, name=name, year=year, last=year - 2, n=chance.randint(100, 999)
        )
        (_note if note else _thanks)(draft, text)
        return other

    return made


def _extra_block(draft: Any, other: House, world: Sequence[House], year: int, chance: random.Random) -> House:
    draft.block.append(chance.choice((other.affiliation, f"Department of Computing, {other.affiliation}")))
    return other


def _mail(draft: Any, other: House, world: Sequence[House], year: int, chance: random.Random) -> House | None:
    house = other if other.domain else next(each for each in world if each.domain and not each.funder)
    draft.authors[0]["email"] = f"author@{chance.choice(('', 'cs.', 'mail.'))}{house.domain}"
    return house


def _history(draft: Any, stays: Sequence[tuple[House, int, int | None]]) -> None:
    draft.authors[0]["history"] = [
        {"position": "", "start": start, "end": end, "institution": {"name": each.name, "domain": each.domain}}
        for each, start, end in stays
    ]


def _profile_now(draft: Any, other: House, world: Sequence[House], year: int, chance: random.Random) -> House:
    """Without profiles in the venue's system the same gap shows in the paper's block."""
    home = draft.authors[0]["house"]
    _history(draft, ((home, 2019, None), (other, 2023, chance.choice((None, year + 1)))))
    if chance.random() < 0.5:
        draft.block.append(other.affiliation)
    else:
        _note(draft, f"The first author is also affiliated with {other.name}.")
    return other


def _profile_past(draft: Any, other: House, world: Sequence[House], year: int, chance: random.Random) -> House:
    home = draft.authors[0]["house"]
    _history(draft, ((home, year - 3, None), (other, 2015, year - 3)))
    if other.domain and chance.random() < 0.5 and draft.number % 2:
        return other
    return other


def _acronym(draft: Any, other: House, world: Sequence[House], year: int, chance: random.Random) -> House | None:
    """The form writes the acronym, the paper the name."""
    house = draft.authors[0]["house"]
    for author in draft.authors:
        if author["house"].id == house.id:
            author["affiliation"] = f"{house.acronym}, {house.town}" if len(house.acronym) > 2 else house.name
    return None


def _part(draft: Any, other: House, world: Sequence[House], year: int, chance: random.Random) -> House | None:
    """The paper names a part of the institution on the form, or the whole of it."""
    house = draft.authors[0]["house"]
    draft.block.append(f"School of Software, Northern Campus, {house.affiliation}")
    return None


def _spelling(draft: Any, other: House, world: Sequence[House], year: int, chance: random.Random) -> House | None:
    house = draft.authors[0]["house"]
    draft.block = [
        chance.choice(
            (house.name.upper(), house.name.replace("University", "Univ."), f"{house.name} ({house.acronym})")
        )
    ]
    draft.block += [each["affiliation"] for each in draft.authors if each["house"].id != house.id]
    return None


def _alumni(draft: Any, other: House, world: Sequence[House], year: int, chance: random.Random) -> House | None:
    if other.domain:
        draft.authors[0]["email"] = f"author@alumni.{other.domain}"
    return other


def _korea(draft: Any, other: House, world: Sequence[House], year: int, chance: random.Random) -> House | None:
    draft.authors[0]["affiliation"] = chance.choice(("AI Laboratory, Korea", "Hanbit Research, Seoul, Korea"))
    draft.authors[0]["email"] = "author@mail.example"
    draft.authors[0]["history"] = [{"start": 2020, "end": None, "institution": {"name": "Hanbit Research"}}]
    draft.block = [author["affiliation"] for author in draft.authors]
    return None


def _namesake(draft: Any, other: House, world: Sequence[House], year: int, chance: random.Random) -> House | None:
    draft.authors[0] |= {"first": "Chaek", "last": "Kim"}
    draft.title = f"Estimating Night Lights over North Korea with {draft.title}"
    return None


PLANTED: dict[str, Trick] = {
    "block": _extra_block,
    "mail": _mail,
    "profile_now": _profile_now,
    "footnote": _says(
        "{name} is also with {full}.",
        "The first author holds a joint appointment at {other}.",
        "Second affiliation: {full}.",
        "{name} is currently employed by {other}.",
        "$^*$ {full}",
        "The corresponding author is affiliated with both institutions, and is a member of {other}.",
        "{name} is an adjunct professor at {other}.",
        note=True,
    ),
    "funding": _says(
        "This research was funded by {other} under contract {n}.",
        "Part of this work was financially supported by {other}.",
        "We gratefully acknowledge a grant from {other} (No. {n}).",
        "{other} supported this work through its doctoral programme.",
        "Computing resources were provided by {other}.",
        "{name} received a scholarship from {other}.",
        note=False,
    ),
    "partner": _says(
        "This project was carried out in collaboration with {other}.",
        "The work is part of a joint programme with {other}.",
        "It was done in close cooperation with {full}.",
        note=False,
    ),
}
CONFUSABLE: dict[str, Trick] = {
    "former": _says(
        "{name} was formerly with {other}.",
        "{name} was with {other} until {last}.",
        "The first author received the Ph.D. degree from {other}.",
        "Before joining the present group, {name} worked at {other}.",
        "{name} graduated from {other}.",
        note=True,
    ),
    "thanks": _says(
        "We thank R. Weber of {other} for helpful discussions.",
        "The authors are grateful to the staff at {other} for feedback on a draft.",
        "Thanks to colleagues at {other} for proofreading.",
        note=False,
    ),
    "dataset": _says(
        "The dataset was released by {other}.",
        "We use the benchmark that {other} published in {last}.",
        "Code of the baseline is available from {other}.",
        note=True,
    ),
    "stay": _says(
        "Work done during an internship at {other}.",
        "This work was done while {name} was visiting {other}.",
        "Part of this work was performed during a sabbatical at {other}.",
        note=True,
    ),
    "profile_past": _profile_past,
    "acronym": _acronym,
    "part": _part,
    "spelling": _spelling,
    "alumni_mail": _alumni,
    "korea": _korea,
    "namesake": _namesake,
}

#: Sentences written after the rules were settled on the first ones, and left alone since: what a rule meets that nobody tuned.
SECOND_PLANTED: dict[str, Trick] = {
    **PLANTED,
    "footnote": _says(
        "{name} has a dual affiliation with {other}.",
        "Also at {full}.",
        "{name} works part-time at {other}.",
        "The last author is on leave from {other}.",
        "$^{{\\dagger}}$ Department of Physics, {full}",
        "{name} is jointly appointed by {other}.",
        "{name} is a faculty member of {other}.",
        note=True,
    ),
    "funding": _says(
        "The authors acknowledge the support of {other}.",
        "This material is based upon work supported by {other} under Award {n}.",
        "{name} was funded by a fellowship of {other}.",
        "Financial assistance from {other} is gratefully acknowledged.",
        "We are indebted to {other} for sponsoring this study.",
        "GPU hours were donated by {other}.",
        "The work of {name} was supported in part by the Key Laboratory Fund of {other}.",
        note=False,
    ),
    "partner": _says(
        "This study was conducted jointly with {other}.",
        "The project is a collaboration between our group and {other}.",
        "The experiments were run in partnership with {other}.",
        note=False,
    ),
}
SECOND_CONFUSABLE: dict[str, Trick] = {
    **CONFUSABLE,
    "former": _says(
        "{name} earned a doctorate at {other}.",
        "Prior to this, {name} held a post at {other}.",
        "{name} left {other} in {last}.",
        "This work began when {name} was a student at {other}.",
        note=True,
    ),
    "thanks": _says(
        "We thank Prof. Hall ({other}) for insightful comments.",
        "We are grateful to {other} for hosting the workshop where this idea began.",
        "We thank the organisers at {other}.",
        note=False,
    ),
    "dataset": _says(
        "Images courtesy of {other}.",
        "The annotations follow the protocol of {other}.",
        "Data were downloaded from the repository of {other}.",
        note=True,
    ),
    "stay": _says(
        "{name} visited {other} while this work was done.",
        "Research carried out as a guest of {other}.",
        "Done as a summer intern at {other}.",
        note=True,
    ),
}

#: A third set, written after the rules had been changed for the second one; measured once and left alone.
THIRD_PLANTED: dict[str, Trick] = {
    **PLANTED,
    "footnote": _says(
        "The second author shares his time between our institute and {other}.",
        "{name} is a visiting professor with a continuing contract at {other}.",
        "Present address: {full}.",
        "{name} leads a group at {other} as well.",
        "School of Electronics, {full}; e-mail on request.",
        "{name} also serves as chief engineer of {other}.",
        "Both authors have second posts in {other}.",
        note=True,
    ),
    "funding": _says(
        "{other} financed the first year of the project.",
        "The study received a research grant from {other}.",
        "This research has been made possible by a donation from {other}.",
        "We acknowledge computational resources of {other} allocated under project {n}.",
        "Funds for this work came from {other}.",
        "{name} holds a scholarship of {other}.",
        "The project is sponsored by {other}.",
        note=False,
    ),
    "partner": _says(
        "This paper is a result of the partnership with {other}.",
        "Field tests were organised together with {other}.",
        "{other} cooperated in the design of the experiments.",
        note=False,
    ),
}
THIRD_CONFUSABLE: dict[str, Trick] = {
    **CONFUSABLE,
    "former": _says(
        "{name} completed her doctorate at {other}.",
        "This work was begun at {other}, where {name} then worked.",
        "{name} is an alumnus of {other}.",
        "{name} moved here from {other} in {last}.",
        note=True,
    ),
    "thanks": _says(
        "We appreciate the advice of E. Moreau, a professor at {other}.",
        "Discussions with members of {other} improved this paper.",
        "Our thanks go to the library of {other}.",
        note=False,
    ),
    "dataset": _says(
        "We follow the evaluation script by {other}.",
        "The sensor is described in a report of {other}.",
        "Maps are from the archive of {other}.",
        note=True,
    ),
    "stay": _says(
        "The first author wrote this paper while on a short stay at {other}.",
        "Part of the work took place at {other} within an exchange programme.",
        "{name} was a guest researcher at {other}.",
        note=True,
    ),
}
#: A fourth set, written after the rules had been changed once more; measured once and left alone.
FOURTH_PLANTED: dict[str, Trick] = {
    **PLANTED,
    "footnote": _says(
        "{name} is with {other} and with the first institution.",
        "Dual affiliation: {full}.",
        "The third author is a Ph.D. student of {other}.",
        "{name} has been seconded by {other}.",
        "The first author's main employer is {other}.",
        "Laboratory of Optics, {full}.",
        "{name} is deputy director of {other}.",
        "{name}'s salary is paid by {other}.",
        note=True,
    ),
    "funding": _says(
        "We thank {other} for financial support.",
        "{other} provided the GPU cluster on which the models were trained.",
        "This publication was produced under grant {n} of {other}.",
        "Research supported by the {other}.",
        "{name} acknowledges a postdoctoral fellowship from {other}.",
        "The project receives money from {other}.",
        "Travel and staff were paid for by {other}.",
        note=False,
    ),
    "partner": _says(
        "Developed in cooperation with {other}.",
        "Our industrial partner in this project is {other}.",
        "The system was built jointly by our laboratory and {other}.",
        note=False,
    ),
}
FOURTH_CONFUSABLE: dict[str, Trick] = {
    **CONFUSABLE,
    "former": _says(
        "{name} obtained an M.Sc. from {other} in {last}.",
        "At the time of the experiments {name} was employed by {other}; this has ended.",
        "{name} previously led a group at {other}.",
        "{name} is a former student of {other}.",
        note=True,
    ),
    "thanks": _says(
        "We thank D. Stone and P. Hill, both at {other}, for reading the draft.",
        "The authors thank the anonymous reviewers and M. Field from {other}.",
        "We acknowledge useful conversations with L. Brook ({other}).",
        note=False,
    ),
    "dataset": _says(
        "{other} hosts the leaderboard.",
        "We thank {other} for making the corpus public.",
        "Photographs by {other}, reproduced with permission.",
        note=True,
    ),
    "stay": _says(
        "Written during a research visit to {other}.",
        "{name} was supported by our institute during a stay at {other}.",
        "Internship at {other} in the summer of {last}.",
        note=True,
    ),
}
#: The sets by name.
PHRASINGS = {
    "first": (PLANTED, CONFUSABLE),
    "second": (SECOND_PLANTED, SECOND_CONFUSABLE),
    "third": (THIRD_PLANTED, THIRD_CONFUSABLE),
    "fourth": (FOURTH_PLANTED, FOURTH_CONFUSABLE),
}
