"""The documents are in step with the program: nothing undocumented, no broken link, no command that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.reference import FOLDER, pages, stale

from vedette.cli.lazy import load
from vedette.cli.table import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "vedette"
ROOMS = sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))
PAGES_BY_HAND = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted(PACKAGE.glob("*/README.md"))]
_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_INVOKED = re.compile(
    r"(?:^|[`$ /(])vedette((?: -[wv] \S+| --workspace \S+)*) +([a-z][a-z-]+)(?: +([a-z][a-z-]+))?", re.M
)
_LONGEST = 500


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def words() -> dict[str, set[str]]:
    """Every command with its sub-commands."""
    return {entry.name: set(getattr(load(entry), "commands", {})) for entry in COMMANDS}


def code_of(text: str) -> Iterator[str]:
    """What stands in code: fenced blocks line by line, and spans between backticks; Python's imports aside."""
    for fenced in re.findall(r"```.*?\n(.*?)```", text, re.S):
        yield from (line for line in fenced.splitlines() if not re.match(r"(from|import) ", line))
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))


class TestReference:
    def test_it_is_what_the_program_says_now(self) -> None:
        assert stale(pages()) == [], "run `python -m tools.reference`"

    def test_every_command_and_option_is_there(self) -> None:
        for name, children in words().items():
            text = (FOLDER / "commands" / f"{name}.md").read_text(encoding="utf-8")
            assert f"## vedette {name}\n" in text
            for child in children:
                assert f"## vedette {name} {child}\n" in text

    def test_every_setting_rule_list_and_policy_is_there(self) -> None:
        from vedette import detections, policy, watchlists
        from vedette.app.settings import Settings

        held = pages()
        assert all(f"`{name}`" in held["settings.md"] for name in Settings.model_fields)
        assert all(f"## {rule.id} " in held[f"rules/{rule.family}.md"] for rule in detections.rules())
        assert all(f"[{rule.id}](" in held["rules.md"] for rule in detections.rules())
        assert all(f"`{source.id}`" in held["lists.md"] for source in watchlists.sources())
        assert all(f"`{rule.id}`" in held["policies.md"] for rule in policy.rules())


class TestPages:
    @pytest.mark.parametrize("path", PAGES_BY_HAND, ids=name_of)
    def test_links_lead_somewhere(self, path: Path) -> None:
        for target in _LINK.findall(path.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", target) and not target.startswith("#"):
                assert (path.parent / target.partition("#")[0]).exists(), target

    @pytest.mark.parametrize("path", PAGES_BY_HAND, ids=name_of)
    def test_every_command_mentioned_exists(self, path: Path) -> None:
        known = words()
        for code in code_of(path.read_text(encoding="utf-8")):
            for _, command, child in _INVOKED.findall(code):
                assert command in known, code
                assert not known[command] or not child or child in known[command], code

    @pytest.mark.parametrize("path", PAGES_BY_HAND, ids=name_of)
    def test_it_is_short_enough_to_be_read(self, path: Path) -> None:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= _LONGEST

    @pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
    def test_every_room_says_what_it_does(self, room: Path) -> None:
        text = (room / "README.md").read_text(encoding="utf-8")
        assert text.startswith("# ")
        assert len(text.splitlines()) <= 80

    @pytest.mark.parametrize(
        "name", ["add-a-list-source", "add-a-log-adapter", "add-a-detection", "add-a-telemetry-adapter"]
    )
    def test_the_additions_that_come_most_often_are_explained(self, name: str) -> None:
        assert (ROOT / "docs" / "how-to" / f"{name}.md").is_file()

    def test_decisions_are_numbered_without_gaps_and_short(self) -> None:
        paths = sorted((ROOT / "docs" / "decisions").glob("*.md"))
        assert [int(path.name[:4]) for path in paths] == list(range(1, len(paths) + 1))
        assert all(len(path.read_text(encoding="utf-8").splitlines()) <= 20 for path in paths)

    def test_examples_in_help_use_real_options(self) -> None:
        """Each example in a command's help names a command, a sub-command and options that exist."""
        known = words()
        for entry in COMMANDS:
            command = load(entry)
            for child in list(getattr(command, "commands", {}).values()) or [command]:
                for line in re.findall(r"^\s*Example: (.+)$", child.help or "", re.M):
                    assert _INVOKED.search(line), line
                    assert all(found[1] in known for found in _INVOKED.findall(line)), line
                    own = (
                        line.rpartition("vedette")[2].partition("&&")[0].partition(" -w ")[2]
                        or line.rpartition("vedette")[2]
                    )
                    options = {
                        name for parameter in child.params for name in (*parameter.opts, *parameter.secondary_opts)
                    }
                    for option in re.findall(r"(?<= )--[a-z-]+", own):
                        assert option in options or len(re.findall("vedette", line)) > 1, f"{line}: {option}"
