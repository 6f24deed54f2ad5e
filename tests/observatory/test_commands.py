"""On the terminal: the last row of an import, exit codes, what is new, audits, strategies and recall."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.terminal import vedette
from tests.observatory.publications import JILIN, KISU, line, written


@pytest.fixture
def works(tmp_path: Path) -> Path:
    return written(tmp_path / "works.jsonl", [line(1, KISU, JILIN), line(2, KISU), {"id": "x"}])


class TestImport:
    def test_the_last_row_adds_up_and_too_much_refused_fails(self, place: Path, works: Path) -> None:
        answer = vedette("--workspace", str(place), "observatory", "import", str(works), "--json")
        last = answer.rows[-1]
        assert answer.code == 1
        assert last["read"] == last["stored"] + last["duplicates"] + len(last["refused"]) == 3
        assert set(last["refused"][0]) >= {"file", "line", "reason"} and last["adapter"] == "openalex"

    def test_several_files_have_a_row_each_and_one_for_all(self, place: Path, tmp_path: Path) -> None:
        paths = [str(written(tmp_path / f"{n}.jsonl", [line(n, KISU)])) for n in (1, 2)]
        found = vedette("--workspace", str(place), "observatory", "import", *paths, "--json").done().rows
        assert [row["read"] for row in found] == [1, 1, 2] and found[-1]["stored"] == 2

    def test_a_faulty_file_fails_after_the_others_are_stored(self, place: Path, tmp_path: Path) -> None:
        good = written(tmp_path / "good.jsonl", [line(1, KISU)])
        answer = vedette(
            "--workspace", str(place), "observatory", "import", str(good), str(tmp_path / "none"), "--json"
        )
        assert answer.code == 1 and answer.rows[-1]["stored"] == 1 and "none" in answer.rows[-1]["faults"][0]


class TestBuildAndLook:
    @pytest.fixture
    def built(self, place: Path, tmp_path: Path) -> Path:
        path = written(tmp_path / "w.jsonl", [line(1, KISU, JILIN), line(2, KISU)])
        vedette("--workspace", str(place), "observatory", "import", str(path), "--json").done()
        return place

    def test_build_counts_and_tells_what_is_new(self, built: Path) -> None:
        found = (
            vedette("--workspace", str(built), "observatory", "build", "--since", "2020-01-01", "--json").done().rows
        )
        assert [row["row"] for row in found] == ["new", "new", "build"]
        assert found[-1]["works"] == 2 and found[0]["countries"] == ["CN", "KP"]

    def test_a_day_that_is_none_is_wrong_usage(self, built: Path) -> None:
        assert vedette("--workspace", str(built), "observatory", "build", "--since", "soon").code == 2

    def test_recall_over_the_corpus(self, built: Path) -> None:
        vedette("--workspace", str(built), "observatory", "build").done()
        found = vedette("--workspace", str(built), "observatory", "recall", "--json").done().rows
        assert found[-1]["row"] == "all" and found[-1]["found"] == 2
        assert vedette("--workspace", str(built), "observatory", "recall").done().out


class TestWithoutAWorkspace:
    def test_audit_needs_none(self, tmp_path: Path) -> None:
        path = written(tmp_path / "w.jsonl", [line(1, KISU)])
        row = vedette("--workspace", str(tmp_path), "observatory", "audit", str(path), "--json").done().row
        assert row["kind"] == "works" and row["verdict"] == "not judged"

    def test_strategies_and_their_queries(self, tmp_path: Path) -> None:
        found = vedette("--workspace", str(tmp_path), "observatory", "strategies", "--for", "wos", "--json").done().rows
        assert [row["strategy"] for row in found] == ["country", "city", "institution", "domain", "postcode"]
        assert found[0]["query"].startswith('AD=("North Korea" OR ')
        assert vedette("--workspace", str(tmp_path), "observatory", "strategies", "--for", "nosuch").code == 2

    def test_recall_of_lists(self, tmp_path: Path) -> None:
        for name, ids in (("a", "1\n2\n3\n"), ("b", "2\n3\n4\n")):
            (tmp_path / name).write_text(ids)
        found = (
            vedette(
                "--workspace",
                str(tmp_path),
                "observatory",
                "recall",
                "--list",
                f"a={tmp_path / 'a'}",
                "--list",
                f"b={tmp_path / 'b'}",
                "--json",
            )
            .done()
            .rows
        )
        assert found[-1]["found"] == 4 and found[-1]["estimate"] > 4

    def test_fetch_refuses_what_it_must_not_ask(self, place: Path) -> None:
        answer = vedette(
            "--workspace",
            str(place),
            "observatory",
            "fetch",
            "--from",
            "openalex",
            "--mailto",
            "a@b.example",
            "--search",
            "x",
            "--url",
            "http://far.example/works",
        )
        assert answer.code == 1 and "https" in answer.err


class TestShow:
    @pytest.fixture
    def built(self, place: Path, tmp_path: Path) -> Path:
        lines = [line(1, KISU, JILIN), line(2, KISU, "An Institute, Korea"), line(3, "Nowhere in particular")]
        path = written(tmp_path / "w.jsonl", lines)
        vedette("--workspace", str(place), "observatory", "import", str(path)).done()
        vedette("--workspace", str(place), "observatory", "build").done()
        return place

    @pytest.mark.parametrize(
        ("what", "expected"),
        [
            ("years", {"year": 2020, "works": 2, "domestic_only": 0, "with_partner": 1}),
            ("partners", {"country": "CN", "works": 1, "first": 2020, "last": 2020}),
            ("institutions", {"id": "kp:kisu", "works": 2}),
            ("network", {"a": "CN", "b": "KP", "works": 1}),
            ("ranks", {"rank": 1, "country": "KP", "works": 2}),
            ("works", {"year": 2020}),
            ("open", {"affiliation": "An Institute, Korea", "country": "ambiguous", "works": 1}),
            ("inputs", {"source": "openalex", "read": 3, "stored": 3}),
        ],
    )
    def test_every_question_has_rows_and_a_table(self, built: Path, what: str, expected: dict[str, object]) -> None:
        row = vedette("--workspace", str(built), "observatory", "show", what, "--json").done().rows[0]
        assert {name: row[name] for name in expected} == expected
        assert vedette("--workspace", str(built), "observatory", "show", what).done().out

    def test_years_narrow(self, built: Path) -> None:
        assert (
            vedette("--workspace", str(built), "observatory", "show", "years", "--from", "2021", "--json").done().rows
            == []
        )

    def test_anything_else_is_wrong_usage(self, built: Path) -> None:
        assert vedette("--workspace", str(built), "observatory", "show", "authors").code == 2
