"""Writes the reference pages (commands, settings, rules, lists, policies) from the program itself, or checks them.

Usage: python -m tools.reference [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
_LONGEST = 450
_HEAD = "<!-- Written by `python -m tools.reference`; do not edit. -->\n"


def commands() -> dict[str, str]:
    """An index, and a page for each command with its help and options."""
    from vedette.cli.lazy import load
    from vedette.cli.table import COMMANDS

    rows = [f"| [{entry.name}](commands/{entry.name}.md) | {entry.help} |" for entry in COMMANDS]
    index = (
        "# Commands\n\nEvery command takes `--json` for JSON lines; progress goes to stderr. Exit 0 done, 1 failed, 2 wrong usage.\n\n"
        "| command | what for |\n|---|---|\n" + "\n".join(rows) + "\n"
    )
    pages: dict[str, str] = {}
    for entry in COMMANDS:
        pages.update(_pages(load(entry), entry.name))
    return {"commands.md": index, **pages}


def _pages(command: Any, name: str) -> dict[str, str]:
    """One page for a command; where that would be too long to read, its groups of commands have pages of their own."""
    whole = "\n".join(_command(command, ["vedette", name]))
    if whole.count("\n") <= _LONGEST:
        return {f"commands/{name}.md": whole}
    groups = {one: child for one, child in sorted(command.commands.items()) if getattr(child, "commands", None)}
    links = [
        f"## vedette {name} {one}\n\n{_text(child.help)}\n\nIts commands: [vedette {name} {one}]({name}-{one}.md).\n"
        for one, child in groups.items()
    ]
    rest = _command(command, ["vedette", name], without=frozenset(groups))
    pages = {
        f"commands/{name}-{one}.md": "\n".join(_command(child, ["vedette", name, one])) for one, child in groups.items()
    }
    return {f"commands/{name}.md": "\n".join([*rest, *links]), **pages}


def _command(command: Any, path: list[str], without: frozenset[str] = frozenset()) -> list[str]:
    parts = [f"## {' '.join(path)}\n\n{_text(command.help)}\n"]
    options = [row for parameter in command.params if (row := _parameter(parameter))]
    if options:
        parts.append("| argument or option | meaning |\n|---|---|\n" + "\n".join(options) + "\n")
    for name, child in sorted(getattr(command, "commands", {}).items()):
        if name not in without:
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


def settings() -> dict[str, str]:
    """Every setting with its default and meaning."""
    from vedette.app.settings import Settings

    rows = [
        f"| `{name}` | `VEDETTE_{name.upper()}` | {field.default!r} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    table = "| in vedette.toml | in the environment | default | meaning |\n|---|---|---|---|\n" + "\n".join(rows)
    head = (
        "# Settings\n\nThe environment wins over the file. `vedette config show` prints each value and its origin.\n\n"
    )
    return {"settings.md": f"{head}{table}\n"}


def rules() -> dict[str, str]:
    """An index of every detection rule, and a page for each family: what a rule looks for, and what it cannot see."""
    from vedette.detections import rules as all_rules

    found = all_rules()
    rows = [
        f"| [{rule.id}](rules/{rule.family}.md) | {rule.version} | {rule.strength.value} | {rule.title} | {', '.join(rule.citation)} |"
        for rule in found
    ]
    head = (
        f"# Detection rules\n\n{len(found)} rules. No single one attributes; only a `stop` opens a case by itself.\n\n"
    )
    index = head + "| rule | version | strength | looks for | cites |\n|---|---|---|---|---|\n" + "\n".join(rows) + "\n"
    families = sorted({rule.family for rule in found})
    return {
        "rules.md": index,
        **{
            f"rules/{family}.md": "\n".join(
                [f"# {family}\n", *(_rule(rule) for rule in found if rule.family == family)]
            )
            for family in families
        },
    }


def _rule(rule: Any) -> str:
    thresholds = "; ".join(f"{item.name} {_shown(item)}: {item.why}" for item in rule.parameters)
    return (
        f"## {rule.id} (version {rule.version}, {rule.strength.value})\n\n**{rule.title}.** {rule.why}\n\n"
        f"- Cites: {', '.join(rule.citation)}\n- Reads: {', '.join(rule.reads)}\n"
        + (f"- Thresholds: {thresholds}\n" if thresholds else "")
        + f"- Blind spots: {rule.blind_spots}\n- False positives: {rule.false_positives}\n"
        f"- An honest customer who trips it: {rule.honest_customer}\n- Look next at: {rule.next_step}\n"
    )


def _shown(item: Any) -> str:
    """The default and the legal range of a threshold, spans in hours or days."""
    return f"{_span(item, item.value)} ({_span(item, item.least)} to {_span(item, item.most)})"


def _span(item: Any, value: float) -> str:
    if not item.span:
        return f"{value:g}"
    hours = value / 3_600_000_000
    return f"{hours / 24:g} d" if hours >= 48 else f"{hours:g} h"


def lists() -> dict[str, str]:
    """Every list source with its publisher and the duty that a match creates."""
    from vedette.watchlists import sources

    rows = [
        f"| `{item.id}` | {item.title} | {item.publisher} | {item.duty.value} | {item.obligation} |"
        for item in sources()
    ]
    head = "# List sources\n\n| id | title | publisher | duty | what a match asks for |\n|---|---|---|---|---|\n"
    return {"lists.md": head + "\n".join(rows) + "\n"}


def policies() -> dict[str, str]:
    """Every policy rule with its status and dates."""
    from vedette.policy import rules as all_rules

    rows = [
        f"| `{item.id}` | {item.status.value} | {item.effective_from or ''} | {item.effective_to or ''} | {item.title} | {item.source} |"
        for item in all_rules()
    ]
    head = "| id | status | from | to | title | source |\n|---|---|---|---|---|---|\n"
    about = "# Policy register\n\nA proposed rule or bill binds nobody and is never called required.\n\n"
    return {"policies.md": about + head + "\n".join(rows) + "\n"}


PARTS: tuple[Callable[[], dict[str, str]], ...] = (commands, settings, rules, lists, policies)


def pages() -> dict[str, str]:
    """Every page by its path below docs/reference."""
    return {name: _HEAD + text for part in PARTS for name, text in part().items()}


def stale(wanted: dict[str, str]) -> list[str]:
    """The pages that differ from what the program says now, and those it no longer says anything about."""
    held = {path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.md")}
    return sorted(name for name in held.keys() | wanted.keys() if held.get(name) != wanted.get(name))


def main(arguments: list[str]) -> int:
    """Write or check; exit 1 where a check finds stale pages."""
    wanted = pages()
    late = stale(wanted)
    if arguments == ["--check"]:
        if late:
            print(f"stale: {', '.join(late)}; run `python -m tools.reference`", file=sys.stderr)
        return int(bool(late))
    for name in late:
        path = FOLDER / name
        path.unlink(missing_ok=True)
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name], encoding="utf-8")
    print(f"{len(wanted)} pages in docs/reference, {len(late)} of them changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
