"""Writes the reference pages (commands, settings, rules, lists, policies) from the program itself, or checks them.

Usage: python -m tools.reference [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
_HEAD = "<!-- Written by `python -m tools.reference`; do not edit. -->\n"


def commands() -> str:
    """Every command, its help and its options."""
    from vedette.cli.lazy import load
    from vedette.cli.table import COMMANDS

    parts = [
        "# Commands\n\nEvery command takes `--json` for JSON lines; progress goes to stderr. Exit 0 done, 1 failed, 2 wrong usage.\n"
    ]
    for entry in COMMANDS:
        parts.extend(_command(load(entry), ["vedette", entry.name]))
    return "\n".join(parts)


def _command(command: Any, path: list[str]) -> list[str]:
    parts = [f"## {' '.join(path)}\n\n{_text(command.help)}\n"]
    options = [row for parameter in command.params if (row := _parameter(parameter))]
    if options:
        parts.append("| argument or option | meaning |\n|---|---|\n" + "\n".join(options) + "\n")
    for name, child in sorted(getattr(command, "commands", {}).items()):
        parts.extend(_command(child, [*path, name]))
    return parts


def _text(text: str | None) -> str:
    return "\n".join(line.strip() for line in (text or "").strip().splitlines())


def _parameter(parameter: Any) -> str:
    if parameter.name in ("help", "install_completion", "show_completion"):
        return ""
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    if parameter.param_type_name == "argument":
        names = f"`{str(parameter.name).upper()}`"
    meaning = " ".join((getattr(parameter, "help", None) or "").split()).replace("|", "\\|")
    return f"| {names} | {meaning} |"


def settings() -> str:
    """Every setting with its default and meaning."""
    from vedette.app.settings import Settings

    rows = [
        f"| `{name}` | `VEDETTE_{name.upper()}` | {field.default!r} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    table = "| in vedette.toml | in the environment | default | meaning |\n|---|---|---|---|\n" + "\n".join(rows)
    return f"# Settings\n\nThe environment wins over the file. `vedette config show` prints each value and its origin.\n\n{table}\n"


def rules() -> str:
    """Every detection rule: what it looks for, and what it cannot see."""
    from vedette.detections import rules as all_rules

    parts = ["# Detection rules\n"]
    for rule in all_rules():
        parts.append(
            f"## {rule.id} (version {rule.version}, {rule.strength.value})\n\n**{rule.title}** {rule.why}\n\n"
            f"- Cites: {', '.join(rule.citation)}\n- Reads: {', '.join(rule.reads)}\n"
            f"- Blind spots: {rule.blind_spots}\n- False positives: {rule.false_positives}\n"
            f"- An honest customer who trips it: {rule.honest_customer}\n- Look next at: {rule.next_step}\n"
        )
    return "\n".join(parts)


def lists() -> str:
    """Every list source with its publisher and the duty that a match creates."""
    from vedette.watchlists import sources

    rows = [
        f"| `{item.id}` | {item.title} | {item.publisher} | {item.duty.value} | {item.obligation} |"
        for item in sources()
    ]
    head = "# List sources\n\n| id | title | publisher | duty | what a match asks for |\n|---|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def policies() -> str:
    """Every policy rule with its status and dates."""
    from vedette.policy import rules as all_rules

    rows = [
        f"| `{item.id}` | {item.status.value} | {item.effective_from or ''} | {item.effective_to or ''} | {item.title} | {item.source} |"
        for item in all_rules()
    ]
    head = "| id | status | from | to | title | source |\n|---|---|---|---|---|---|\n"
    return (
        "# Policy register\n\nA proposed rule or bill binds nobody and is never called required.\n\n"
        + head
        + "\n".join(rows)
        + "\n"
    )


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "settings.md": settings,
    "rules.md": rules,
    "lists.md": lists,
    "policies.md": policies,
}


def stale() -> list[str]:
    """The pages that differ from what the program says now."""
    return [name for name, page in PAGES.items() if _stored(name) != _HEAD + page()]


def _stored(name: str) -> str:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main(arguments: list[str]) -> int:
    """Write or check; exit 1 where a check finds stale pages."""
    if arguments == ["--check"]:
        late = stale()
        if late:
            print(f"stale: {', '.join(late)}; run `python -m tools.reference`", file=sys.stderr)
        return int(bool(late))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(_HEAD + page(), encoding="utf-8")
    print(f"wrote {len(PAGES)} pages to docs/reference")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
