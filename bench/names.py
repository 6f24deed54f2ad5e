"""Train the tables of the names room and measure it: `names.py train ...`, `names.py measure DATA`, `names.py speed`."""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections import Counter
from pathlib import Path

from vedette.names import fold
from vedette.names.korean.learn import count

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
    kept = sorted((token, number) for token, number in counts.items() if number >= 8)
    head = (
        "# Common tokens of personal names with counts, summed by bench/names.py train over NETransliteration's wd_* training\n"
        "# parts (MIT, facts from Wikidata, CC0). Columns: folded token, count.\n"
    )
    text = head + "".join(f"{token}\t{number}\n" for token, number in kept)
    (TABLES / "name_tokens.tsv").write_text(text, encoding="utf-8")
    print(f"name_tokens.tsv: {len(kept)} tokens")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="write the learnt tables")
    train.add_argument("--unihan", type=Path, help="folder with Unihan_*.txt of Unicode 14.0 or later")
    train.add_argument("--korean", type=Path, help="file of Hangul<TAB>Latin names")
    train.add_argument("--tokens", type=Path, nargs="*", default=[], help="files of Latin<TAB>letters<TAB>count")
    choice = parser.parse_args()
    if choice.command == "train" and choice.unihan:
        train_han(choice.unihan)
    if choice.command == "train" and choice.korean:
        train_korean(choice.korean)
    if choice.command == "train" and choice.tokens:
        train_tokens(choice.tokens)


if __name__ == "__main__":
    main()
