"""Train the tables of the names room and measure it: `names.py train ...`, `names.py measure DATA`, `names.py speed`."""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from defusedxml.ElementTree import parse
from rapidfuzz import fuzz, process

from vedette.names import Kind, analyse, compare, fold, parts
from vedette.names.calibration import korean_score
from vedette.names.korean.learn import count
from vedette.names.korean.model import SyllableModel
from vedette.names.korean.reading import read
from vedette.names.korean.scoring import best

TABLES = Path(__file__).resolve().parents[1] / "src" / "vedette" / "names" / "data"
_UNIHAN = ("Readings", "Variants", "OtherMappings", "DictionaryLikeData", "IRGSources")


# ---- training: Han readings ---------------------------------------------------------------------------------------


def unihan(folder: Path) -> dict[str, dict[str, str]]:
    """Field -> character -> value of the Unihan files in a folder."""
    fields: dict[str, dict[str, str]] = {}
    for part in _UNIHAN:
        for line in (folder / f"Unihan_{part}.txt").read_text(encoding="utf-8").splitlines():
            if line.startswith("U+"):
                code, field, value = line.split("\t", 2)
                fields.setdefault(field, {})[chr(int(code[2:], 16))] = value
    return fields


def _plain(reading: str) -> str:
    marked = unicodedata.normalize("NFD", reading.lower())
    kept = re.sub("[\u0300\u0301\u0304\u0306\u030c]", "", marked)
    return unicodedata.normalize("NFC", kept).strip()


def _pinyin(fields: dict[str, dict[str, str]], char: str) -> list[str]:
    found = fields["kMandarin"].get(char, "").split()[:1]
    found += [entry.split("(")[0] for entry in fields["kHanyuPinlu"].get(char, "").split()]
    for entry in fields["kTGHZ2013"].get(char, "").split():
        found += entry.split(":")[1].split(",")
    return list(dict.fromkeys(_plain(reading) for reading in found))[:4]


def _first(value: str) -> str:
    match = re.match(r"U\+([0-9A-F]+)", value)
    return chr(int(match[1], 16)) if match else ""


def _hangul(fields: dict[str, dict[str, str]], char: str) -> list[str]:
    for form in (
        char,
        *(chr(int(c, 16)) for c in re.findall(r"U\+([0-9A-F]+)", fields["kTraditionalVariant"].get(char, ""))),
    ):
        if form in fields["kHangul"]:
            return [entry.split(":")[0] for entry in fields["kHangul"][form].split()]
    return []


def _japanese(fields: dict[str, dict[str, str]], char: str) -> list[str]:
    found = fields["kJapaneseOn"].get(char, "").split() + fields["kJapaneseKun"].get(char, "").split()
    return list(dict.fromkeys(reading.lower() for reading in found))[:8]


def _in_use(fields: dict[str, dict[str, str]], char: str) -> bool:
    marks = ("kTGH", "kHangul", "kFrequency", "kKoreanName", "kJinmeiyoKanji", "kGradeLevel", "kIICore", "kJoyoKanji")
    return any(char in fields.get(mark, {}) for mark in marks)


def train_han(folder: Path) -> None:
    """Write data/han.tsv."""
    fields = unihan(folder)
    rows = []
    for char in sorted(fields["kMandarin"]):
        if not _in_use(fields, char) or len(char.encode("utf-8")) > 3:
            continue
        simple = _first(fields["kSimplifiedVariant"].get(char, ""))
        trad = [chr(int(c, 16)) for c in re.findall(r"U\+([0-9A-F]+)", fields["kTraditionalVariant"].get(char, ""))]
        named = any(form in fields["kKoreanName"] or form in fields["kKoreanEducationHanja"] for form in (char, *trad))
        weight = 6 - int(fields["kFrequency"].get(char, "6").split()[0])
        columns = (_pinyin(fields, char), _hangul(fields, char), _japanese(fields, char))
        rows.append(
            "\t".join(
                [
                    char,
                    "" if simple == char else simple,
                    *(" ".join(c) for c in columns),
                    f"{weight}{'n' if named else ''}",
                ]
            )
        )
    head = (
        "# Readings of Han characters in use, derived by bench/names.py train from the Unihan database of Unicode 14.0\n"
        "# (c) 2021 Unicode, Inc.; Unicode licence. Columns: character, simplified form, pinyin (commonest first), Hangul,\n"
        "# Japanese, frequency 0-5 (kFrequency) with n where the character is used in Korean names or schools.\n"
    )
    (TABLES / "han.tsv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    print(f"han.tsv: {len(rows)} characters")


# ---- training: Korean spellings -----------------------------------------------------------------------------------


def korean_pairs(file: Path) -> list[tuple[str, str]]:
    """(Hangul, Latin) rows of a two-column file."""
    rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
    return [(row[0], row[1]) for row in rows if len(row) >= 2]


def spelling_table(pairs: list[tuple[str, str]]) -> str:
    """The learnt table as text: position, syllable, spelling:count ..."""
    lines = [
        "# Spellings of Korean syllables counted by bench/names.py train in pairs of Hangul and Latin names (NETransliteration,",
        "# MIT, facts from Wikidata, CC0; the training half). Columns: s surname or g given, syllable, spelling:count ...",
    ]
    for mark, table in zip("sg", count(pairs), strict=True):
        for char in sorted(table):
            cells = " ".join(
                f"{spelling}:{n}" for spelling, n in sorted(table[char].items(), key=lambda x: (-x[1], x[0]))
            )
            lines.append(f"{mark}\t{char}\t{cells}")
    return "\n".join(lines) + "\n"


def train_korean(file: Path) -> None:
    """Write data/korean_spellings.tsv."""
    text = spelling_table(korean_pairs(file))
    (TABLES / "korean_spellings.tsv").write_text(text, encoding="utf-8")
    print(f"korean_spellings.tsv: {text.count(chr(10)) - 2} syllables")


# ---- training: common name tokens ---------------------------------------------------------------------------------


def train_tokens(files: list[Path]) -> None:
    """Write data/name_tokens.tsv: Latin tokens counted often, with their counts."""
    counts: Counter[str] = Counter()
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            latin, _, number = line.split("\t")
            token = fold(latin)
            if token.isalpha() and len(token) > 1:
                counts[token] += int(number)
    kept = sorted((token, number) for token, number in counts.items() if number >= 4)
    head = (
        "# Common tokens of personal names with counts, summed by bench/names.py train over NETransliteration's wd_* training\n"
        "# parts (MIT, facts from Wikidata, CC0). Columns: folded token, count.\n"
    )
    text = head + "".join(f"{token}\t{number}\n" for token, number in kept)
    (TABLES / "name_tokens.tsv").write_text(text, encoding="utf-8")
    print(f"name_tokens.tsv: {len(kept)} tokens")


# ---- measuring ----------------------------------------------------------------------------------------------------

Pair = tuple[str, str]


def recall_at(positive: list[float], negative: list[float], share: float) -> float:
    """Recall at the threshold that lets this share of the negatives through."""
    threshold = sorted(negative, reverse=True)[int(len(negative) * share)]
    return sum(score > threshold for score in positive) / len(positive)


def report(name: str, positive: list[float], negative: list[float], alert: float = 0.7) -> None:
    """One line of figures."""
    hit, false = sum(score >= alert for score in positive), sum(score >= alert for score in negative)
    f1 = 2 * hit / (2 * hit + false + len(positive) - hit) if hit else 0.0
    print(
        f"{name:44} {len(positive):6} {len(negative):7}  R@0.1% {recall_at(positive, negative, 0.001):.3f}  "
        f"R@1% {recall_at(positive, negative, 0.01):.3f} | at {alert}: P {hit / max(hit + false, 1):.3f} "
        f"R {hit / len(positive):.3f} F1 {f1:.3f} FPR {false / len(negative):.5f}"
    )


def korean_sets(
    data: Path, folds: tuple[int, ...]
) -> Iterator[tuple[SyllableModel, list[Pair], list[Pair], list[Pair]]]:
    """For each fold a model trained on the other folds, the pairs of the fold, ten negatives of the same surname each, and all
    negatives of the same surname with one of two given syllables the same. Pairs are (Hangul, Latin)."""
    rows = korean_pairs(data / "names" / "wd_korean_personal_names_train.tsv")
    rng = random.Random(7)
    rng.shuffle(rows)
    size = len(rows) // 5
    for part in folds:
        test = rows[part * size : (part + 1) * size]
        families: dict[str, list[Pair]] = {}
        for row in test:
            families.setdefault(row[0][0], []).append(row)
        other: list[Pair] = []
        near: list[Pair] = []
        for hangul, _ in test:
            some = [row for row in families[hangul[0]] if row[0] != hangul]
            other += [(hangul, rng.choice(some)[1]) for _ in range(10 if some else 0)]
            near += [(hangul, latin) for text, latin in some if (text[1] == hangul[1]) != (text[2] == hangul[2])]
        yield SyllableModel(*count(rows[: part * size] + rows[(part + 1) * size :])), test, other, near


def exchanged(pairs: list[Pair], rng: random.Random, *, by_use: bool) -> list[Pair]:
    """Four negatives a pair: one given syllable of the Hangul exchanged for another, drawn by use or evenly."""
    given = [char for hangul, _ in pairs if len(hangul) == 3 for char in hangul[1:]]
    pool = given if by_use else sorted(set(given))
    found = []
    for hangul, latin in pairs:
        for _ in range(4 if len(hangul) == 3 else 0):
            place, char = rng.choice((1, 2)), rng.choice(pool)
            while char == hangul[place]:
                char = rng.choice(pool)
            found.append((hangul[:place] + char + hangul[place + 1 :], latin))
    return found


def four_each(pairs: list[Pair], rng: random.Random) -> list[Pair]:
    """At most four pairs for each left side, as in the notes' count of 6,000 negatives for 1,500 names."""
    grouped: dict[str, list[Pair]] = {}
    for pair in pairs:
        grouped.setdefault(pair[0], []).append(pair)
    return [pair for group in grouped.values() for pair in rng.sample(group, min(4, len(group)))]


def korean(data: Path, folds: tuple[int, ...] = (2, 3, 4)) -> None:
    """E1 and E1h by cross-validation: trained on 80 %, tested on the rest. Rules were written looking at folds 0 and 1 only."""
    scores: dict[str, list[float]] = {}
    bits: dict[str, list[float]] = {}
    for model, same, other, near in korean_sets(data, folds):
        rng = random.Random(5)
        sets = {
            "same": same,
            "E1 Hangul/Latin, same surname": other,
            "E1h one syllable apart, names met": near,
            "E1h the same, at most four each": four_each(near, rng),
            "E1h one syllable exchanged, by use": exchanged(same, rng, by_use=True),
            "E1h one syllable exchanged, evenly": exchanged(same, rng, by_use=False),
        }
        for name, pairs in sets.items():
            for left, right in pairs:
                found = best(model, read(model, left), read(model, right))
                scores.setdefault(name, []).append(korean_score(found) if found else 0.0)
                bits.setdefault(name, []).append(found.bits if found else -99.0)
    same_scores, same_bits = scores.pop("same"), bits.pop("same")
    for name, values in scores.items():
        report(f"{name} [held out]", same_scores, values)
        plain = " ".join(f"R@{share:.1%} {recall_at(same_bits, bits[name], share):.3f}" for share in (0.001, 0.01))
        print(f"{'  the same ranked by bits alone':44} {plain}")


def aliases(data: Path) -> None:
    """E3: DPRK persons of UN and OFAC against their aliases (pseudonyms included); all cross pairs as negatives."""
    lines = (data / "names" / "dprk_alias_groups.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    for publisher in ("UN", "OFAC"):
        groups = [(row[3], row[4].split("|")) for row in rows if row[0] == publisher and row[2] == "individual"]
        positive = [compare(name, alias, "person").score for name, known in groups for alias in known if alias]
        names = [name for name, _ in groups]
        negative = [compare(one, two, "person").score for i, one in enumerate(names) for two in names[i + 1 :]]
        report(f"E3 {publisher} DPRK aliases [misses read]", positive, negative)


def original_script(data: Path) -> None:
    """UN entries with original script against their Latin names (misses were read once, rules changed in general). Ten random others each."""
    with gzip.open(data / "watchlists" / "un" / "un_consolidated_2026-02-27.xml.gz") as file:
        root = parse(file).getroot()
    assert root is not None
    pairs: list[tuple[str, str, Kind]] = []
    for tag, kind in (("INDIVIDUAL", "person"), ("ENTITY", "organization")):
        for entry in root.iter(tag):
            original = (entry.findtext("NAME_ORIGINAL_SCRIPT") or "").strip()
            order = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
            latin = " ".join((entry.findtext(part) or "").strip() for part in order).split()
            if original and latin and not original.isascii():
                pairs.append((original, " ".join(latin), "person" if kind == "person" else "organization"))
    rng = random.Random(2)
    for kind in ("person", "organization"):
        some = [(one, two) for one, two, what in pairs if what == kind]
        positive = [compare(one, two, kind).score for one, two in some]  # type: ignore[arg-type]  # a Kind
        others = [(one, rng.choice(some)) for one, _ in some for _ in range(10)]
        negative = [compare(one, two[1], kind).score for one, two in others if two[0] != one]  # type: ignore[arg-type]  # a Kind
        report(f"UN original script, {kind} [misses read]", positive, negative)


def typing(data: Path) -> None:
    """UN persons against their own name with one random typing error. Errors of another seed were read; this one was not."""
    with gzip.open(data / "watchlists" / "un" / "un_consolidated_2026-02-27.xml.gz") as file:
        root = parse(file).getroot()
    assert root is not None
    rng = random.Random(20_261)
    found: dict[bool, list[bool]] = {True: [], False: []}
    for entry in root.iter("INDIVIDUAL"):
        order = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
        name = " ".join(" ".join((entry.findtext(part) or "").strip() for part in order).split())
        dprk = (entry.findtext("REFERENCE_NUMBER") or "").startswith("KP")
        found[dprk].append(compare(name, _mistyped(name, rng), "person").score >= 0.7)
    for dprk, hits in found.items():
        who = "DPRK entries" if dprk else "other entries"
        print(f"UN persons with one typing error, {who}: {sum(hits)} of {len(hits)} alert [same names, fresh errors]")


def _mistyped(name: str, rng: random.Random) -> str:
    """One letter replaced, dropped, doubled with another, or swapped with the next."""
    places = [at for at, char in enumerate(name) if char.isalpha()]
    while True:
        at, letter = rng.choice(places), rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        swapped = name[at + 1 : at + 2] + name[at] + name[at + 2 :]
        tails = (letter + name[at + 1 :], name[at + 1 :], letter + name[at:], swapped)
        changed = name[:at] + rng.choice(tails)
        if changed.upper() != name.upper():
            return changed


def crossing(data: Path) -> None:
    """watchman's pairs; words and names across scripts are measured by bench/crossing.py."""
    lines = (data / "names" / "watchman_cross_script_pairs.csv").read_text(encoding="utf-8").splitlines()
    known = [line.split(",")[:2] for line in lines if line and not line.startswith(("#", "Query"))]
    found = sum(compare(one, two, "person").score >= 0.7 for one, two in known)
    print(f"watchman cross-script pairs found: {found} of {len(known)} [read while writing the rules]")


def listed_sets(data: Path, odd: int) -> Iterator[tuple[Kind, list[Pair], list[Pair]]]:
    """OFAC primary names against aliases of entries with odd or even numbers, persons then organisations, and negatives: for each
    sampled entry the three most alike other entries and three at random."""
    folder = data / "watchlists" / "ofac"
    entries = {row[0]: row for row in _csv(folder / "sdn_2024-05-03.csv.gz") if len(row) > 3 and int(row[0]) % 2 == odd}
    rng = random.Random(3)
    for mark, kind in (("individual", "person"), ("-0-", "organization")):
        own = {number: row[1] for number, row in entries.items() if row[2].strip() == mark}
        alias: dict[str, set[str]] = {}
        for row in _csv(folder / "alt_2025-02-27.csv.gz"):
            if len(row) > 3 and row[0] in own:
                alias.setdefault(row[0], set()).add(row[3])
        pairs = [(own[number], other) for number, others in alias.items() for other in sorted(others)]
        pairs = rng.sample(pairs, min(1500, len(pairs)))
        numbers = list(own)
        folded = [" ".join(parts(own[number])) for number in numbers]
        wrong: list[Pair] = []
        for at in rng.sample(range(len(numbers)), min(800, len(numbers))):
            close = process.extract(folded[at], folded, scorer=fuzz.ratio, limit=4)[1:]
            for other in (*(place for _, _, place in close), *(rng.randrange(len(numbers)) for _ in range(3))):
                if folded[other] != folded[at]:
                    wrong.append((own[numbers[at]], own[numbers[other]]))
        chosen: Kind = "person" if kind == "person" else "organization"
        yield chosen, pairs, wrong


def listed(data: Path) -> None:
    """OFAC primary names against aliases, odd entry numbers only (even ones were read while writing the rules).

    Aliases include pseudonyms, translations and former names that no comparison of names can see.
    """
    for kind, same, other in listed_sets(data, 1):
        scores = [[compare(one, two, kind).score for one, two in pairs] for pairs in (same, other)]
        report(f"OFAC aliases, {kind} [held out]", *scores)


def _csv(file: Path) -> list[list[str]]:
    with gzip.open(file, "rt", encoding="utf-8", errors="replace") as text:
        return list(csv.reader(text))


def speed(data: Path) -> None:
    """Pairs, analyses and keys a second of CPU."""
    rows = [row for row in _csv(data / "watchlists" / "ofac" / "sdn_2024-05-03.csv.gz") if len(row) > 3]
    for mark, kind in (("individual", "person"), ("-0-", "organization")):
        chosen: Kind = "person" if kind == "person" else "organization"
        texts = [row[1] for row in rows if row[2].strip() == mark]
        start = time.process_time()
        names = [analyse(text, chosen) for text in texts]
        analysed = len(texts) / (time.process_time() - start)
        rng = random.Random(1)
        pairs = [(rng.choice(names), rng.choice(names)) for _ in range(20_000)]
        rates = []
        for _ in range(2):
            start = time.process_time()
            for one, two in pairs:
                compare(one, two)
            rates.append(len(pairs) / (time.process_time() - start))
        print(f"{kind}: {analysed:,.0f} analyses/s; {rates[0]:,.0f} pairs/s first time, {rates[1]:,.0f} warm")


def measure(data: Path) -> None:
    """Every figure that the notes name."""
    print(
        "[held out]: neither learnt from nor its errors read; totals were watched (E1: trained on 80 %, folds 2-4 of 5; OFAC: odd ids;"
    )
    print(
        "  odd ids include DPRK entries that E3 shows). [misses read]: its errors were looked at and rules changed, so the figure"
    )
    print(
        "  flatters. Across scripts: bench/crossing.py; probabilities: bench/calibrate.py; alerts: bench/population.py."
    )
    print(f"{'set':44} {'pos':>6} {'neg':>7}")
    for part in (korean, aliases, original_script, typing, listed, crossing):
        part(data)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="write the learnt tables")
    train.add_argument("--unihan", type=Path, help="folder with Unihan_*.txt of Unicode 14.0 or later")
    train.add_argument("--korean", type=Path, help="file of Hangul<TAB>Latin names")
    train.add_argument("--tokens", type=Path, nargs="*", default=[], help="files of Latin<TAB>letters<TAB>count")
    for name in ("measure", "speed"):
        commands.add_parser(name, help=f"{name} on the folder of shared data").add_argument("data", type=Path)
    choice = parser.parse_args()
    if choice.command in ("measure", "speed"):
        (measure if choice.command == "measure" else speed)(choice.data)
        return
    if choice.command == "train" and choice.unihan:
        train_han(choice.unihan)
    if choice.command == "train" and choice.korean:
        train_korean(choice.korean)
    if choice.command == "train" and choice.tokens:
        train_tokens(choice.tokens)


if __name__ == "__main__":
    main()
