"""What each search strategy would have found among the works held: by their addresses and by the codes of their sources."""

from __future__ import annotations

from vedette.store import Store


def addresses(store: Store, country: str) -> list[tuple[str, str]]:
    """Work and address string of every address that was decided for the country."""
    with store.engine(["resolved_authorships"]) as engine:
        rows = engine.rows(
            "SELECT DISTINCT work_id, affiliation FROM resolved_authorships WHERE country = $country ORDER BY 1, 2",
            {"country": country},
        )
    return [(str(work), str(text)) for work, text in rows]


def claimed(store: Store, country: str) -> frozenset[str]:
    """Works that a source gives the country's code and an address decides for it."""
    with store.engine(["distinct_works", "resolved_authorships"]) as engine:
        rows = engine.rows(
            "SELECT DISTINCT w.work_id FROM distinct_works w JOIN resolved_authorships r USING (work_id) "
            "WHERE r.country = $country AND list_contains(string_split(w.claimed, ' '), $country)",
            {"country": country},
        )
    return frozenset(str(work) for (work,) in rows)
