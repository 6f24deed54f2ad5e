"""Measure screening on real lists: speed, cold start, memory, recall under typing errors, false alerts, namesakes.

    python bench/screening.py DATA        DATA is the folder of measuring data (see tests/conftest.py)

Every figure is from one run with fixed seeds, times are processor time of one thread; invented customers are drawn from the small name lists below.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from vedette import screening, watchlists
from vedette.base import Name, Party, PartyKind
from vedette.screening import Call, Edition, Index, Level
from vedette.screening.candidates import candidates
from vedette.screening.question import question
from vedette.screening.segment import build, dump, restore
from vedette.watchlists import Listing, ReadList

GIVEN = {
    "US": "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph "
    "Jessica Thomas Sarah Charles Karen Christopher Lisa Daniel Nancy Matthew Betty Anthony Sandra Mark Ashley Steven Emily",
    "DE": "Lukas Anna Leon Lea Finn Hannah Jonas Mia Felix Laura Paul Sophie Maximilian Lena Elias Marie Moritz Clara",
    "FR": "Camille Louis Chloe Hugo Manon Jules Lucas Emma Arthur Juliette Nathan Alice Theo Louise Gabriel Zoe",
    "IN": "Aarav Priya Rohan Ananya Vikram Neha Arjun Kavya Sanjay Pooja Rahul Divya Amit Sunita Kiran Meera",
    "BR": "Joao Maria Pedro Ana Lucas Beatriz Gabriel Larissa Rafael Camila Thiago Fernanda Bruno Juliana Mateus Leticia",
    "JP": "Haruto Yui Sota Hina Yuto Sakura Ren Aoi Daiki Misaki Takumi Nanami Kenta Ayaka Hiroshi Keiko",
    "NG": "Chinedu Ngozi Emeka Amara Tunde Folake Ifeanyi Adaeze Segun Yetunde Obinna Chioma Kelechi Funmi",
    "EG": "Ahmed Fatma Mohamed Mona Mahmoud Heba Mostafa Nour Karim Salma Omar Yasmin Tarek Dina Hossam Rania",
}
FAMILY = {
    "US": "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Wilson Anderson Taylor Moore Jackson Martin "
    "Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Carter",
    "DE": "Schneider Fischer Weber Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf Neumann Schwarz Zimmermann",
    "FR": "Martin Bernard Dubois Thomas Robert Petit Durand Leroy Moreau Laurent Lefebvre Girard Rousseau Fontaine",
    "IN": "Sharma Patel Singh Reddy Gupta Iyer Nair Mehta Joshi Desai Chatterjee Banerjee Rao Kulkarni Menon",
    "BR": "Silva Santos Oliveira Souza Lima Pereira Costa Ferreira Almeida Ribeiro Carvalho Gomes Martins Araujo",
    "JP": "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Matsumoto",
    "NG": "Okafor Adeyemi Eze Balogun Nwosu Okonkwo Adebayo Ogunleye Chukwu Ibrahim Olawale Uche Bello Onyeka",
    "EG": "Hassan Ibrahim Ali Mahmoud Said Farouk Nasser Fahmy Gamal Soliman Kamal Shawky Rashad Hegazy Zaki",
}


def lists(data: Path) -> list[ReadList]:
    """The SDN list and the Security Council's list of the measuring data."""
    ofac = data / "watchlists" / "ofac"
    sdn = [ofac / "sdn_2024-05-03.csv.gz", ofac / "alt_2025-02-27.csv.gz", ofac / "add_2025-02-27.csv.gz"]
    un = data / "watchlists" / "un" / "un_consolidated_2026-02-27.xml.gz"
    return [*watchlists.read(sdn), *watchlists.read([un])]


def edition(found: ReadList) -> Edition:
    """The edition of a list read from files."""
    return Edition(list_id=found.list_id, version=str(found.dated), entries_hash=found.content_hash)


def ordinary(seed: int, count: int, countries: Sequence[str]) -> list[Party]:
    """Invented customers with birth date and country."""
    draw = random.Random(seed)
    parties = []
    for number in range(count):
        country = draw.choice(countries)
        name = f"{draw.choice(GIVEN[country].split())} {draw.choice(FAMILY[country].split())}"
        born = f"{draw.randint(1950, 2005)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
        parties.append(person(str(number), name, born, country))
    return parties


def person(number: str, name: str, born: str = "", country: str = "") -> Party:
    """A customer of these facts."""
    return Party(
        id=number,
        kind=PartyKind.PERSON,
        names=(Name(name),),
        birth_dates=(born,) if born else (),
        countries=(country,) if country else (),
    )


def mistyped(text: str, draw: random.Random) -> str:
    """One typing error in a letter: left out, doubled, replaced, or exchanged with the next."""
    places = [at for at, char in enumerate(text) if char.isalpha()]
    if len(places) < 4:
        return text
    at = draw.choice(places[1:])
    letter = draw.choice("abcdefghijklmnopqrstuvwxyz")
    return draw.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + letter + text[at + 1 :],
            text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :],
        )
    )


def timed(work: Callable[[], object]) -> float:
    """Processor seconds that some work takes in this process: other work on a shared machine does not count."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def waited(work: Callable[[], object]) -> float:
    """Seconds by the clock on the wall."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def starts(files: Sequence[Path]) -> None:
    """Cold start: from the files on disk to the first answer, in this process and in a new one."""
    first = ordinary(3, 1, ["US"])[0]

    def begin() -> None:
        index = Index([restore(file.read_bytes(), file.name) for file in files])
        screening.score(first, against=index)

    print(f"cold start in a running process      {timed(begin):.3f} s")
    code = (
        "import sys,time; from pathlib import Path; from vedette import screening; from vedette.base import Name, Party\n"
        "from vedette.screening.segment import restore\n"
        "index = screening.Index([restore(Path(f).read_bytes(), f) for f in sys.argv[1:]])\n"
        "screening.score(Party(id='1', names=(Name('Kim Jong Sik'),)), against=index)\n"
    )
    run = [sys.executable, "-c", code, *map(str, files)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock = waited(lambda: subprocess.run(run, check=True))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"cold start of a new process          {worked:.3f} s of processor time with all imports, {clock:.3f} s by the clock"
        "   target < 1"
    )


def speed(index: Index) -> None:
    """Batch and single queries, one thread."""
    parties = ordinary(5, 4000, list(GIVEN))
    list(screening.screen(parties[:500], against=index))
    taken = timed(lambda: list(screening.screen(parties, against=index)))
    print(f"batch, invented customers            {len(parties) / taken:,.0f} queries/s on one core   target: 1,000")
    single = sorted(timed(lambda p=party: screening.score(p, against=index)) for party in parties[:1000])
    print(
        f"single warm query                    median {single[500] * 1e3:.2f} ms, p95 {single[950] * 1e3:.2f} ms   target: p95 < 10"
    )


def reference(index: Index) -> None:
    """The bare comparison of every form by rapidfuzz on this machine at this moment, to read the speeds against."""
    asked = [form for party in ordinary(5, 512, list(GIVEN)) for form in question(party).forms]
    taken = timed(lambda: process.cdist(asked, index.forms.texts, scorer=fuzz.ratio, dtype=np.uint8, workers=1))
    print(f"reference: bare ratio of all forms   {len(asked) / taken:,.0f} queries/s")


def calls(index: Index, parties: Sequence[Party]) -> Counter[Call]:
    """How many parties end with which call, the most urgent of each; those without a match are not counted."""
    order = list(Call)
    found = (
        min((match.call for match in matches if match.score >= 0.7), key=order.index, default=None)
        for matches in screening.screen(parties, against=index)
    )
    return Counter(call for call in found if call is not None)


def told(counts: Counter[Call], of: int, per: int) -> str:
    """The counts as a rate."""
    return ", ".join(f"{call.value} {counts[call] * per / of:,.0f}" for call in (Call.HOLD, Call.REVIEW, Call.ASK))


def koreans(index: Index, data: Path, count: int) -> None:
    """Innocent Korean names, each as often as it is borne in public data and recombined: by name alone, with year and
    country, and with the whole birth date. Recall of the lists' own Korean persons with the same data stands beside.
    """
    lines = (data / "names" / "wd_korean_personal_names_train.tsv").read_text(encoding="utf-8").splitlines()
    names = [line.split("\t")[1] for line in lines]
    draw = random.Random(29)
    written = [draw.choice(names) for _ in range(count)]
    once = Counter(written)
    bare = [person(str(number), name) for number, name in enumerate(once)]
    counts: Counter[Call] = Counter()
    for party, matches in zip(bare, screening.screen(bare, against=index), strict=True):
        urgent = min((m.call for m in matches if m.score >= 0.7), key=list(Call).index, default=None)
        counts[urgent or Call.NOTE] += once[party.names[0].text]
    print(f"Korean names, name alone             per 100,000: {told(counts, count, 100_000)}   ({count:,} drawn)")
    near = {p.names[0].text for p, m in zip(bare, screening.screen(bare, against=index), strict=True) if m}
    dated = [
        replace(person(str(number), name), birth_dates=(f"{draw.randint(1950, 2005)}",), countries=("KR",))
        for number, name in enumerate(written)
        if name in near
    ]
    found = calls(index, dated)
    print(
        f"Korean names, birth year, country    per 1,000,000: {told(found, count, 1_000_000)}   "
        "target: review at most 20, hold 0"
    )


def targets(index: Index, found: Sequence[ReadList]) -> None:
    """The lists' own persons of DPRK programmes: what their name, year and country call for, and their whole birth date."""
    people = [listing for one in found for listing in persons(one) if listing.dprk and listing.party.birth_dates]
    for label, cut in (("name, year, country", 4), ("name, birth date", 10)):
        asked = [
            person(one.entity_id, one.party.names[0].text, one.party.birth_dates[0][:cut], "KP" if cut == 4 else "")
            for one in people
        ]
        counts = calls(index, asked)
        print(
            f"DPRK persons, {label:<23}shown {sum(counts[c] for c in (Call.HOLD, Call.REVIEW, Call.ASK)) / len(people):.4f} "
            f"of {len(people)}: {told(counts, 1, 1)}   target: shown at least .98"
        )


def persons(found: ReadList) -> list[Listing]:
    """The persons of a list."""
    return [listing for listing in found.reading.listings if listing.party.kind is PartyKind.PERSON]


def recall(index: Index, un: ReadList) -> None:
    """Persons of the Security Council's list, as listed and with one typing error a name, by name alone."""
    draw = random.Random(11)
    people = persons(un)
    for label, spelling in (("as listed", lambda text: text), ("one typing error", lambda text: mistyped(text, draw))):
        asked = [person(one.entity_id, spelling(one.party.names[0].text)) for one in people]
        report_recall(index, un.list_id, label, asked)
    two = [person(one.entity_id, mistyped(mistyped(one.party.names[0].text, draw), draw)) for one in people]
    report_recall(index, un.list_id, "two typing errors", two)
    others = [person(one.entity_id, mistyped(one.party.names[0].text, draw)) for one in people if not one.dprk]
    report_recall(index, un.list_id, "one, not of DPRK lists", others)


def report_recall(index: Index, list_id: str, label: str, asked: Sequence[Party]) -> None:
    """Print the share whose own entry is a candidate, and the share whose own entry alerts."""
    found = 0
    for party, judged in zip(asked, candidates(index, [question(party) for party in asked]), strict=True):
        ids = {(index.edition(c.entry).list_id, index.listing(c.entry).entity_id) for c in judged}
        found += (list_id, party.id) in ids
    alerts = sum(
        any(match.key == (list_id, party.id) and match.score >= 0.7 for match in matches)
        for party, matches in zip(asked, screening.screen(asked, against=index, limit=20), strict=True)
    )
    size = len(asked)
    print(
        f"UN persons, {label:<24} candidates {found / size:.4f}, shown {alerts / size:.4f} of {size}"
        + ("   target: .981" if label.startswith("one") else "")
    )


def false_alerts(index: Index) -> None:
    """Invented customers with birth date and country: an alert is a review or a hold; questions stand beside."""
    for label, countries, target in (("worldwide", list(GIVEN), "at most 1"), ("US", ["US"], "0")):
        parties = ordinary(17, 500, countries)
        counts = calls(index, parties)
        alerts = counts[Call.HOLD] + counts[Call.REVIEW]
        print(f"false alerts {label:<24}{alerts}/500 (questions {counts[Call.ASK]}/500)   target: {target}")
        wide = ordinary(1017, 4000, countries)
        more = calls(index, wide)
        print(f"    the same over {len(wide):,} others         per 500: {told(more, len(wide), 500)}")


def namesakes(index: Index, found: Sequence[ReadList]) -> None:
    """Customers who bear a listed person's exact name: without and with another birth date. None may be stopped."""
    people = [listing for one in found for listing in persons(one) if listing.party.names]
    bare = [person(one.entity_id, one.party.names[0].text) for one in people]
    dated = [replace(party, birth_dates=("2003-02-29",)) for party in bare]
    born = [replace(party, birth_dates=("2004-06-17",)) for party in bare]
    for label, parties in (("no birth date", bare), ("impossible birth date", dated), ("another birth date", born)):
        answers = list(screening.screen(parties, against=index))
        stopped = sum(any(match.level is Level.IDENTIFIED for match in matches) for matches in answers)
        alerts = sum(any(match.score >= 0.7 for match in matches) for matches in answers)
        print(f"namesakes, {label:<25} stopped {stopped}, review {alerts} of {len(parties)}")


def main() -> None:
    """Read the command line, build, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder of measuring data")
    parser.add_argument("--koreans", type=int, default=1_000_000, help="innocent Korean names drawn")
    arguments = parser.parse_args()
    data = arguments.data
    found = lists(data)
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for one in found:
            begun = time.process_time()
            segment = build(edition(one), one.reading.listings)
            file = Path(folder) / one.list_id
            file.write_bytes(dump(segment))
            files.append(file)
            print(
                f"index of {one.list_id:<28}{segment.entries:,} entries, {len(segment.name_entries):,} names, "
                f"{len(segment.forms):,} forms, built in {time.process_time() - begun:.2f} s, {file.stat().st_size / 1e6:.1f} MB"
            )
        starts(files)
        index = Index([restore(file.read_bytes(), file.name) for file in files])
    speed(index)
    reference(index)
    recall(index, found[1])
    false_alerts(index)
    namesakes(index, found)
    targets(index, found)
    koreans(index, data, arguments.koreans)
    print(
        f"memory, peak                         {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB "
        "(with the parsed lists held beside)"
    )


if __name__ == "__main__":
    main()
