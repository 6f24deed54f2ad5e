"""Walking through the graph: what was opened so far in one picture, or the strongest links of one kind of shared thing."""

from __future__ import annotations

from collections.abc import Sequence

from vedette.linking import store as state
from vedette.linking.picture import Picture, PictureError, drawn
from vedette.linking.read import weights
from vedette.store import Store

#: How many links are read where only a kind is asked for.
MOST_LINKS = 300


def explore(store: Store, opened: Sequence[str], kind: str = "", limit: int = 150) -> Picture:
    """One picture around several actors and accounts, or around the strongest links of a kind where nothing was opened.

    With a kind, only links that rest on it are drawn. Raises PictureError where nothing is linked.
    """
    used = weights()
    if kind and kind not in used.by_name:
        raise PictureError(f"no kind of shared thing {kind!r}", remedy=f"One of: {', '.join(used.by_name)}")
    with store.database.reading() as connection:
        if opened:
            actors = [state.actor(connection, name) for name in opened]
            centre = {
                account
                for name, actor in zip(opened, actors, strict=True)
                for account in (actor.accounts if actor else (name,))
            }
            links = state.links_of(connection, sorted(centre))
            links = [link for link in links if not kind or any(part.kind == kind for part in link.parts)]
        else:
            links = state.links_by(connection, kind, MOST_LINKS) if kind else []
            centre = {account for link in links for account in link.pair}
        near = {account for link in links for account in link.pair}
        words = [word for word in state.judgements(connection) if {word.left, word.right} <= centre | near]
    if not links and not words:
        raise PictureError("nothing is linked there", remedy="Take an account or actor that `vedette link` prints")
    about = opened[0] if opened else kind
    return drawn(about, None, links, words, limit=limit, used=used, centre=frozenset(centre))
