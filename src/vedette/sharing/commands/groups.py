"""On the command line: the groups for inbound items, peers, collections and named disclosures."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from vedette import doors
from vedette.sharing.commands.exchange import officer, read_marking

inbound = typer.Typer(help="Judge what other houses sent.\n\nExample: vedette share inbound list", no_args_is_help=True)
peers = typer.Typer(
    help="Let other houses in, and keep them out.\n\nExample: vedette share peers list", no_args_is_help=True
)
collections = typer.Typer(
    help="What peers may read or write together.\n\nExample: vedette share collections list", no_args_is_help=True
)
disclosures = typer.Typer(
    help="Cases disclosed by name to an authority.\n\nExample: vedette share disclosures list", no_args_is_help=True
)
_ITEMS = ("id", "source", "kind", "value", "marking", "basis", "valid_until", "state")
_IDS = Annotated[list[str], typer.Argument(metavar="ID...", help="Items, or beginnings of their ids.")]
_PEER = Annotated[str, typer.Argument(metavar="PEER", help="Id of a peer.")]
_DISCLOSURE = Annotated[str, typer.Argument(metavar="ID", help="Id of a disclosure.")]
_PEERS = ("id", "name", "contact", "reads", "writes", "proof", "url", "revoked_at")
_COLLECTIONS = ("id", "alias", "title", "most", "tier")
_DISCLOSURES = ("id", "case_id", "recipient", "state", "made_by", "made_at", "left_at")


@inbound.command("list")
def list_inbound(
    context: typer.Context,
    state: Annotated[str, typer.Option(help="waiting, accepted, rejected, recalled, expired, or all.")] = "waiting",
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many at most.")] = 100,
    json: doors.JSON = False,
) -> None:
    """Show items, those of the sources that were right most often in front.

    Example: vedette share inbound list
    """
    from vedette.sharing.judge import items
    from vedette.sharing.model import State, stamp

    session = doors.session(context, json=json)
    if state != "all" and state not in list(State):
        raise typer.BadParameter(f"{state[:20]!r} is none of all, {', '.join(State)}")
    wanted = None if state == "all" else State(state)
    found = items(session.store, clock=session.clock, wanted=wanted, limit=limit)
    now = stamp(session.clock.now())
    doors.emit(session, [one.as_json(now) for one in found], columns=_ITEMS, title="Inbound", empty="Nothing waits.")


@inbound.command()
def accept(
    context: typer.Context,
    ids: _IDS,
    reason: Annotated[str, typer.Option(help="Why it is believed.")] = "",
    json: doors.JSON = False,
) -> None:
    """Watch for items until they expire: meetings become weak findings for people, nothing more.

    Example: vedette share inbound accept inb_3k5v
    """
    from vedette.sharing.judge import accept as take
    from vedette.sharing.model import stamp

    session = doors.session(context, json=json)
    done = take(session.store, officer(session), ids, clock=session.clock, reason=reason)
    now = stamp(session.clock.now())
    doors.emit(session, [one.as_json(now) for one in done], columns=_ITEMS)


@inbound.command()
def reject(
    context: typer.Context,
    ids: _IDS,
    reason: Annotated[str, typer.Option(help="Why not; it counts for the source's standing.")],
    json: doors.JSON = False,
) -> None:
    """Set items aside, also such as were accepted before.

    Example: vedette share inbound reject inb_3k5v --reason "A shared mail relay"
    """
    from vedette.sharing.judge import reject as refuse
    from vedette.sharing.model import stamp

    session = doors.session(context, json=json)
    done = refuse(session.store, officer(session), ids, clock=session.clock, reason=reason)
    now = stamp(session.clock.now())
    doors.emit(session, [one.as_json(now) for one in done], columns=_ITEMS)


@peers.command("add")
def add_peer(
    context: typer.Context,
    peer: _PEER,
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
    contact: Annotated[str, typer.Option(help="Whom to tell by hand.")] = "",
    read: Annotated[list[str] | None, typer.Option(help="Collection it may read. Repeat it.")] = None,
    write: Annotated[list[str] | None, typer.Option(help="Collection it may write. Repeat it.")] = None,
    public_key: Annotated[str, typer.Option(help="Its Ed25519 public key: signed requests, signed bundles.")] = "",
    fingerprint: Annotated[str, typer.Option(help="SHA-256 of its client certificate, behind a proxy.")] = "",
    url: Annotated[
        str, typer.Option(help="Its TAXII API root, or the collection of its that recalls are posted to.")
    ] = "",
    credential: Annotated[
        bool, typer.Option("--credential", help="Read the token that it gave to us from standard input.")
    ] = False,
    private: Annotated[
        bool, typer.Option("--private", help="Its address may lie inside the house, without TLS.")
    ] = False,
    json: doors.JSON = False,
) -> None:
    """Let another house in. Its token is shown once; with a public key it may sign its requests instead.

    Example: vedette share peers add north --read indicators --contact security@north.example
    """
    import sys

    from vedette.sharing.admit import add

    session = doors.session(context, json=json)
    made, token = add(
        session.store,
        officer(session),
        peer,
        clock=session.clock,
        name=name,
        contact=contact,
        reads=read or (),
        writes=write or (),
        public_key=public_key,
        fingerprint=fingerprint,
        url=url,
        credential=sys.stdin.read(2_000).strip() if credential else "",
        private=private,
    )
    doors.emit(session, [{**made.as_json(), "token": token}], columns=("id", "name", "reads", "writes", "token"))


@peers.command("list")
def list_peers(context: typer.Context, json: doors.JSON = False) -> None:
    """Show every peer, without what opens doors.

    Example: vedette share peers list
    """
    from vedette.sharing.store.peers import peers as every

    session = doors.session(context, json=json)
    rows = [one.as_json() for one in every(session.store)]
    doors.emit(session, rows, columns=_PEERS, title="Peers", empty="No other house is let in.")


@peers.command("revoke")
def revoke_peer(context: typer.Context, peer: _PEER, json: doors.JSON = False) -> None:
    """Keep a peer out from its next request on.

    Example: vedette share peers revoke north
    """
    from vedette.sharing.admit import revoke

    session = doors.session(context, json=json)
    done = revoke(session.store, officer(session), peer, clock=session.clock)
    doors.emit(session, [done.as_json()], columns=_PEERS)


@peers.command("rotate")
def rotate_peer(
    context: typer.Context,
    peer: _PEER,
    public_key: Annotated[str, typer.Option(help="Its new Ed25519 public key.")] = "",
    fingerprint: Annotated[str, typer.Option(help="SHA-256 of its new client certificate.")] = "",
    json: doors.JSON = False,
) -> None:
    """Give a peer a new token; the old one opens nothing any longer. Lets a revoked peer in again.

    Example: vedette share peers rotate north
    """
    from vedette.sharing.admit import rotate

    session = doors.session(context, json=json)
    done, token = rotate(
        session.store,
        officer(session),
        peer,
        clock=session.clock,
        public_key=public_key,
        fingerprint=fingerprint,
    )
    doors.emit(session, [{**done.as_json(), "token": token}], columns=("id", "name", "token"))


@collections.command("add")
def add_collection(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Short name, also part of its address.")],
    title: Annotated[str, typer.Option(help="What it holds.")] = "",
    description: Annotated[str, typer.Option(help="For whom and to what end.")] = "",
    marking: Annotated[str, typer.Option(help="The strictest marking that may enter.")] = "amber",
    json: doors.JSON = False,
) -> None:
    """Make a collection of open indicators. Who may read or write it is said of each peer.

    Example: vedette share collections add indicators --title "Open indicators"
    """
    from vedette.sharing.send import add_collection as make

    session = doors.session(context, json=json)
    made = make(
        session.store,
        officer(session),
        name,
        title,
        clock=session.clock,
        description=description,
        most=read_marking(marking),
    )
    doors.emit(session, [made.as_json()], columns=_COLLECTIONS)


@collections.command("list")
def list_collections(context: typer.Context, json: doors.JSON = False) -> None:
    """Show every collection.

    Example: vedette share collections list
    """
    from vedette.sharing.store.objects import collections as every

    session = doors.session(context, json=json)
    rows: list[dict[str, Any]] = [one.as_json() for one in every(session.store)]
    doors.emit(session, rows, columns=_COLLECTIONS, title="Collections", empty="There is no collection.")


@collections.command()
def publish(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The collection.")],
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID...", help="Objects; all open ones where none.")] = None,
    json: doors.JSON = False,
) -> None:
    """Put open objects into a collection, where its readers get them by TAXII.

    Example: vedette share collections publish indicators
    """
    from vedette.sharing.send import find_collection
    from vedette.sharing.send import publish as put
    from vedette.sharing.withdraw import find

    session = doors.session(context, json=json)
    chosen = [find(session.store, one).id for one in ids or ()]
    place = find_collection(session.store, name)
    count, back = put(session.store, officer(session), place, clock=session.clock, ids=chosen)
    for reason, held in back.items():
        doors.warn(f"held back: {held:,} {reason}")
    doors.emit(session, [{"collection": place.alias, "id": place.id, "added": count}], columns=("collection", "added"))


@disclosures.command("list")
def list_disclosures(context: typer.Context, json: doors.JSON = False) -> None:
    """Show every named disclosure and where it stands.

    Example: vedette share disclosures list
    """
    from vedette.sharing.store.inbound import disclosures as every

    session = doors.session(context, json=json)
    rows = [one.as_json() for one in every(session.store)]
    doors.emit(session, rows, columns=_DISCLOSURES, title="Disclosures", empty="Nothing was disclosed by name.")


@disclosures.command("approve")
def approve_disclosure(context: typer.Context, disclosure: _DISCLOSURE, json: doors.JSON = False) -> None:
    """Agree as a second person; whoever asked for it cannot.

    Example: vedette share disclosures approve dsc_3k5v
    """
    from vedette.sharing.disclose import approve

    session = doors.session(context, json=json)
    done = approve(session.store, approver(session), disclosure, clock=session.clock)
    doors.emit(session, [done.as_json()], columns=_DISCLOSURES)


@disclosures.command("reject")
def reject_disclosure(context: typer.Context, disclosure: _DISCLOSURE, json: doors.JSON = False) -> None:
    """Disagree as a second person: it never leaves.

    Example: vedette share disclosures reject dsc_3k5v
    """
    from vedette.sharing.disclose import reject as refuse

    session = doors.session(context, json=json)
    done = refuse(session.store, approver(session), disclosure, clock=session.clock)
    doors.emit(session, [done.as_json()], columns=_DISCLOSURES)


def approver(session: doors.Session) -> Any:
    """Who may be the second person: a signed-in approver; anybody at the terminal while no person exists."""
    from vedette.doors.access.terminal import require
    from vedette.doors.people import Permission

    return require(session.store, session.workspace, Permission.APPROVE, session.principal, session.clock)
