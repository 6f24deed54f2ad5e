"""Which state of the program judged: a hash over the code and tables of each part that a sign-up answer rests on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import vedette
from vedette.base import digest

_DOORS = frozenset(("commands.py", "routes.py", "pages.py"))
_JUDGING = (".py", ".tsv", ".txt", ".yml", ".json", ".npz")
_PARTS: Mapping[str, tuple[str, ...]] = {
    "names": ("names/**/*",),
    "screening": ("screening/**/*",),
    "presence": ("accounts/presence.*", "accounts/places.py", "accounts/contacts.py", "accounts/data/*"),
}


@cache
def model_versions() -> Mapping[str, str]:
    """Part -> 16 hexadecimal digits that change whenever the part could judge otherwise. Read once a process."""
    root = Path(vedette.__file__).parent
    return {part: _fingerprint(root, patterns) for part, patterns in _PARTS.items()}


def _fingerprint(root: Path, patterns: tuple[str, ...]) -> str:
    files = sorted({path for pattern in patterns for path in root.glob(pattern) if path.suffix in _JUDGING})
    parts = [item for path in files if path.name not in _DOORS for item in (path.name, path.read_bytes())]
    return digest(*parts).hex()[:16]
