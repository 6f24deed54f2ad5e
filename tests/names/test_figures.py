"""The figures the room promises, on measuring data that its tables were not learnt from."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from vedette.names import compare
from vedette.names.calibration import korean_score
from vedette.names.korean.learn import count
from vedette.names.korean.model import SyllableModel
from vedette.names.korean.reading import read
from vedette.names.korean.scoring import best


@pytest.mark.shared_data
class TestKorean:
    def test_hangul_meets_latin_and_same_surname_stays_apart(self, shared_data: Path) -> None:
        lines = (shared_data / "names" / "wd_korean_personal_names_train.tsv").read_text(encoding="utf-8").splitlines()
        rows = [(line.split("\t")[0], line.split("\t")[1]) for line in lines]
        random.Random(7).shuffle(rows)
        size = len(rows) // 5
        test, model = rows[2 * size : 3 * size], SyllableModel(*count(rows[: 2 * size] + rows[3 * size :]))

        def score(hangul: str, latin: str) -> float:
            found = best(model, read(model, hangul), read(model, latin))
            return korean_score(found) if found else 0.0

        same = sum(score(hangul, latin) >= 0.7 for hangul, latin in test) / len(test)
        other = [
            (one[0], two[1])
            for one, two in zip(test, test[1:], strict=False)
            if one[0][0] == two[0][0] and one[0] != two[0]
        ]
        near = [
            score(one[0], two[1])
            for one in test
            for two in test
            if one[0][0] == two[0][0]
            and len(one[0]) == len(two[0]) == 3
            and (one[0][1] == two[0][1]) != (one[0][2] == two[0][2])
        ]
        level = sorted(near, reverse=True)[len(near) * 3 // 1000]
        assert sum(score(hangul, latin) > level for hangul, latin in test) / len(test) >= 0.93
        assert same >= 0.96
        assert sum(score(*pair) >= 0.7 for pair in other) <= 1


@pytest.mark.shared_data
class TestAliases:
    def test_ofac_dprk_persons(self, shared_data: Path) -> None:
        lines = (shared_data / "names" / "dprk_alias_groups.tsv").read_text(encoding="utf-8").splitlines()[1:]
        rows = [line.split("\t") for line in lines]
        groups = [(row[3], row[4].split("|")) for row in rows if row[0] == "OFAC" and row[2] == "individual"]
        pairs = [(name, alias) for name, known in groups for alias in known if alias]
        found = sum(compare(name, alias, "person").score >= 0.7 for name, alias in pairs)
        wrong = sum(
            compare(one[0], two[0], "person").score >= 0.7 for i, one in enumerate(groups) for two in groups[i + 1 :]
        )
        assert found / len(pairs) >= 0.75
        assert wrong / (len(groups) * (len(groups) - 1) / 2) <= 0.001


@pytest.mark.shared_data
class TestCrossScript:
    def test_pairs_of_another_matcher(self, shared_data: Path) -> None:
        lines = (shared_data / "names" / "watchman_cross_script_pairs.csv").read_text(encoding="utf-8").splitlines()
        pairs = [line.split(",")[:2] for line in lines if line and not line.startswith(("#", "Query"))]
        assert sum(compare(one, two, "person").score >= 0.7 for one, two in pairs) == len(pairs)

    @pytest.mark.parametrize(("script", "least"), [("arabic", 0.95), ("cyrillic", 0.94), ("han", 0.84)])
    def test_words_held_out(self, shared_data: Path, script: str, least: float) -> None:
        file = {"arabic": "arabic", "cyrillic": "russian", "han": "chinese"}[script]
        lines = (shared_data / "names" / f"netranslit_wd_{file}_80.tsv").read_text(encoding="utf-8").splitlines()
        rows = [line.split("\t") for line in lines]
        held = [
            (row[0], row[1].replace(" ", "")) for row in rows if hashlib.sha256(row[0].encode()).digest()[0] % 2 == 1
        ]
        rng = random.Random(3)
        some = rng.sample(held, 600)
        other = [(one, two) for one, _ in some for _, two in rng.sample(some, 2) if (one, two) not in some]
        level = sorted((compare(*pair, "person").score for pair in other), reverse=True)[len(other) * 3 // 1000]
        assert sum(compare(*pair, "person").score > level for pair in some) / len(some) >= least - 0.03
