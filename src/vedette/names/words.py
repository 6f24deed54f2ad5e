"""The tokens of a name without legal forms and honorifics, in no order."""

from __future__ import annotations

from vedette.names.folding import fold

_SILENT = frozenset(
    "mr mrs ms miss dr prof professor sir dame hon mister the and of co company corp corporation ltd limited inc "
    "incorporated llc llp plc gmbh ag sa sarl srl spa bv nv oy ab as ooo oao zao pao jsc ojsc cjsc pte pty kg kk".split()
)


def parts(text: str) -> tuple[str, ...]:
    """Sorted folded tokens without legal forms and honorifics: both orders of a name give the same parts."""
    tokens = fold(text).split()
    kept = [token for token in tokens if token not in _SILENT]
    return tuple(sorted(kept or tokens))
