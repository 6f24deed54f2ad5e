"""Screen invented Korean names against the DPRK persons of OFAC and UN on the name alone: `population.py DATA [--names N]`.

A name is drawn as family name by its share of bearers, and two given syllables by their counts in public name pairs, each spelt as
those pairs spell it; nobody's name is used. Alerts per 100,000 say how often a name alone raises a question, which is why a name
alone decides nothing.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from math import sqrt
from pathlib import Path

from vedette.names import Analysed, analyse, compare
from vedette.names.korean.model import SyllableModel, syllable_model
from vedette.names.tables import rows


def spellings(mark: str) -> dict[str, dict[str, int]]:
    """Syllable -> spelling -> count, of family names (s) or given syllables (g)."""
    found: dict[str, dict[str, int]] = {}
    for position, char, cells in rows("korean_spellings.tsv"):
        if position == mark:
            found[char] = {cell.rpartition(":")[0]: int(cell.rpartition(":")[2]) for cell in cells.split()}
    return found


def names(rng: random.Random, size: int) -> Iterator[str]:
    """Invented Latin names; both orders, given name hyphenated, spaced or joined."""
    families, own, given = syllable_model().families, spellings("s"), spellings("g")
    known = [name for name in families if name in own]
    shares = [families[name].share for name in known]
    syllables = list(given)
    uses = [sum(given[char].values()) for char in syllables]
    for family in rng.choices(known, shares, k=size):
        one, two = rng.choices(syllables, uses, k=2)
        first, second, third = (
            rng.choices(list(row), list(row.values()))[0] for row in (own[family], given[one], given[two])
        )
        joined = second + rng.choice(("-", " ", "")) + third
        yield f"{first} {joined}" if rng.random() < 0.6 else f"{joined} {first}"


def targets(data: Path, *, aliases: bool) -> list[Analysed]:
    """DPRK persons of OFAC and UN, with or without their aliases."""
    lines = (data / "names" / "dprk_alias_groups.tsv").read_text(encoding="utf-8").splitlines()[1:]
    known = [line.split("\t") for line in lines]
    texts = [
        text
        for row in known
        if row[2] == "individual"
        for text in (row[3], *(row[4].split("|") if aliases else ()))
        if text
    ]
    return [analyse(text, "person") for text in dict.fromkeys(texts)]


def near(model: SyllableModel, name: Analysed, target: Analysed) -> bool:
    """Whether the family names may agree in some reading; names without a Korean reading are always compared."""
    if not name.korean or not target.korean:
        return True
    return any(model.family_bits(one.family, two.family) > -4.0 for one in name.korean for two in target.korean)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of shared data")
    parser.add_argument("--names", type=int, default=20_000, help="how many names to draw")
    choice = parser.parse_args()
    model = syllable_model()
    for aliases in (False, True):
        listed = targets(choice.data, aliases=aliases)
        alerts = 0
        for text in names(random.Random(17), choice.names):
            name = analyse.__wrapped__(text, "person")
            alerts += any(compare(name, target).score >= 0.7 for target in listed if near(model, name, target))
        rate, error = alerts / choice.names, sqrt(max(alerts, 1)) / choice.names
        what = "primary names and aliases" if aliases else "primary names"
        print(
            f"{choice.names:,} invented Korean names against {len(listed)} {what} of DPRK persons, name alone: "
            f"{rate * 100_000:,.0f} alerts per 100,000 (+- {error * 100_000:,.0f})",
            flush=True,
        )


if __name__ == "__main__":
    main()
