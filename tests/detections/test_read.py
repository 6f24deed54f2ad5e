"""The loader: what a rule's folder must hold, and that every fault names file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.detections.made import SQL, edit, folder
from vedette.base import ContentError, Strength
from vedette.detections import Basis, Need
from vedette.detections.read import read_rule, read_rules


def fault(made: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        read_rule(made)
    return caught.value


class TestRule:
    def test_the_template_reads_whole(self, tmp_path: Path) -> None:
        found = read_rule(folder(tmp_path))

        assert (found.id, found.family, found.version) == ("network/odd", "network", 1)
        assert found.strength is Strength.WEAK
        assert found.weight.basis is Basis.JUDGED
        assert found.needs == (Need(("signins.outcome",)),)
        assert found.evidence == "event"
        assert "SELECT" in found.sql and "examples:" in found.examples

    def test_needs_may_name_alternatives(self, tmp_path: Path) -> None:
        made = folder(tmp_path)
        edit(made / "rule.yml", needs="[signins.ip or logs.ip]")
        assert read_rule(made).needs == (Need(("signins.ip", "logs.ip")),)

    @pytest.mark.parametrize(
        "key",
        [
            "id", "version", "title", "caption", "family", "strength", "weight_basis", "weight_cap", "reads", "key",
            "lookback", "citation", "summary", "why", "blind_spots", "false_positives", "honest_customer", "next_step",
            "fairness",
        ],
    )  # fmt: skip
    def test_every_key_is_owed(self, tmp_path: Path, key: str) -> None:
        made = folder(tmp_path)
        edit(made / "rule.yml", **{key: ""})

        found = fault(made)
        assert found.place.file.endswith("rule.yml")
        assert key in str(found)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"strength": "huge"}, "One of: context"),
            ({"id": "network/other"}, "is not the folder"),
            ({"id": "odd"}, "family/name"),
            ({"family": "device"}, "Write network"),
            ({"lookback": "soon"}, "30d, 12h or all"),
            ({"citation": "[somebody]"}, "NET-04"),
            ({"needs": "[device]"}, "signins.device_id"),
            ({"version": "[1]"}, "whole number"),
            ({"key": "everything"}, "One of"),
            ({"summary": "seen {nothing}"}, "cannot show {nothing}"),
            ({"summary": "seen {count!r}"}, "cannot show"),
            ({"summary": "seen {count.__class__}"}, "cannot show"),
            ({"summary": "seen {count"}, "braces"),
            ({"why": "The nationality differs"}, "nationality"),
            ({"reads": "[signins, accounts]"}, "never reads"),
            ({"reads": "[accounts]"}, "not declared"),
        ],
    )
    def test_wrong_values(self, tmp_path: Path, changes: dict[str, str], words: str) -> None:
        made = folder(tmp_path)
        edit(made / "rule.yml", **changes)
        assert words in str(fault(made))

    def test_an_unknown_key_is_named_with_its_line(self, tmp_path: Path) -> None:
        made = folder(tmp_path)
        text = (made / "rule.yml").read_text("utf-8")
        (made / "rule.yml").write_text(text + "blindspots: none\n", "utf-8")

        found = fault(made)
        assert found.place.line == len(text.splitlines()) + 1
        assert "Known keys" in found.remedy

    @pytest.mark.parametrize("name", ["rule.yml", "rule.sql", "examples.yml"])
    def test_three_files_are_owed_in_utf_8(self, tmp_path: Path, name: str) -> None:
        made = folder(tmp_path)
        (made / name).write_bytes(b"\xff\xfe")
        assert "UTF-8" in str(fault(made))

        (made / name).unlink()
        assert fault(made).place.file.endswith(name)

    def test_sql_faults_name_the_line(self, tmp_path: Path) -> None:
        made = folder(tmp_path)
        (made / "rule.sql").write_text(SQL.replace("1.0 AS bits", "\n\ngetenv('x') AS bits"), "utf-8")
        edit(made / "rule.yml", parameters="")
        assert (fault(made).place.file.endswith("rule.sql"), fault(made).place.line) == (True, 3)

    @pytest.mark.parametrize("shows", ["fires", "quiet", "boundary", "late", "nulls"])
    def test_five_kinds_of_example_are_owed(self, tmp_path: Path, shows: str) -> None:
        made = folder(tmp_path)
        blocks = (made / "examples.yml").read_text("utf-8").split("  - name:")
        kept = [block for block in blocks if f"shows: {shows}" not in block]
        (made / "examples.yml").write_text("  - name:".join(kept), "utf-8")
        assert f"no example that shows: {shows}" in str(fault(made))

    def test_examples_give_only_tables_that_are_read(self, tmp_path: Path) -> None:
        made = folder(tmp_path)
        text = (made / "examples.yml").read_text("utf-8").replace("signins:", "payments:", 1)
        (made / "examples.yml").write_text(text, "utf-8")
        assert "does not read" in str(fault(made))

    def test_a_yaml_bomb_is_refused(self, tmp_path: Path) -> None:
        made = folder(tmp_path)
        (made / "examples.yml").write_text("a: &a [x]\nexamples: [*a, *a]\n", "utf-8")
        assert "aliases" in str(fault(made))


class TestRules:
    def test_folders_are_scanned_and_sorted(self, tmp_path: Path) -> None:
        folder(tmp_path, "network", "second")
        folder(tmp_path, "device", "first")
        (tmp_path / ".hidden" / "thing").mkdir(parents=True)
        (tmp_path / "README.md").write_text("not a rule", "utf-8")

        assert [rule.id for rule in read_rules(tmp_path)] == ["device/first", "network/second"]

    def test_an_id_that_two_folders_claim_is_refused(self, tmp_path: Path) -> None:
        folder(tmp_path / "one")
        folder(tmp_path / "two")
        with pytest.raises(ContentError, match="already taken"):
            read_rules(tmp_path / "one", tmp_path / "two")
