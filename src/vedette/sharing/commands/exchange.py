"""On the command line: export, import, add, recall, send and fetch."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors
from vedette.base import Principal, VedetteError

if TYPE_CHECKING:
    from vedette.sharing.model import Peer
    from vedette.sharing.receive import Received

app = typer.Typer(help="Share indicators with other houses, and judge what they send.", no_args_is_help=True)
_OBJECTS = ("id", "kind", "value", "marking", "basis", "valid_until", "recalled")
_FILES = ("file", "format", "read", "stored", "duplicates", "recalled", "refused_count", "problem")
_MOST_REFUSED = 0.01
_TOLD = 5
_OUTPUT = Annotated[Path | None, typer.Option("--output", "-o", help="File to write; standard output where none.")]
_FORMAT = Annotated[str, typer.Option("--format", help="stix, misp, csv or bundle (signed).")]
_MARKING = Annotated[str, typer.Option(help="clear, green, amber or amber+strict: the strictest marking that may go.")]


def officer(session: doors.Session) -> Principal:
    """Who answers for sharing: a signed-in sharing officer; anybody at the terminal while no person exists."""
    from vedette.doors.access.terminal import require
    from vedette.doors.people import Permission

    return require(session.store, session.workspace, Permission.SHARE, session.principal, session.clock)


def read_marking(text: str) -> Any:
    """A TLP marking by its short word. Raises a usage error."""
    from vedette.sharing.model import Marking

    try:
        return Marking(f"TLP:{text.upper().removeprefix('TLP:')}")
    except ValueError:
        raise typer.BadParameter(f"{text[:20]!r} is none of clear, green, amber, amber+strict, red") from None


@app.command()
def export(
    context: typer.Context,
    format_: _FORMAT = "stix",
    tier: Annotated[str, typer.Option(help="A: open indicators. C: a case by name, to an authority.")] = "A",
    output: _OUTPUT = None,
    marking: _MARKING = "amber+strict",
    to: Annotated[str, typer.Option("--to", help="Tier A: the peer that gets it. Tier C: the authority.")] = "",
    producer: Annotated[str, typer.Option(help="Name of this house in the file.")] = "",
    case: Annotated[str, typer.Option(help="Tier C: the case to disclose.")] = "",
    ground: Annotated[str, typer.Option(help="Tier C: the policy rule that is the legal ground.")] = "",
    reference: Annotated[str, typer.Option(help="Tier C: number of the order, request or opinion.")] = "",
    disclosure: Annotated[str, typer.Option(help="Tier C: an approved disclosure, to be written now.")] = "",
    fresh: Annotated[
        bool, typer.Option("--fresh/--as-is", help="Bring the objects up to what confirmed cases tell first.")
    ] = True,
    json: doors.JSON = False,
) -> None:
    """Write the open objects of this house, made from cases that a person found true: no name, address or account of anybody.

    Tier C discloses one case by name and needs a legal ground and a second person.

    Example: vedette share export --format stix --tier A -o indicators.json
    """
    session = doors.session(context, json=json)
    if tier.upper() == "C":
        _named(session, output, to=to, case=case, ground=ground, reference=reference, disclosure=disclosure)
        return
    if tier.upper() != "A":
        raise typer.BadParameter("tier B is never exported: it is asked through `vedette share match`")
    from vedette.sharing.admit import find
    from vedette.sharing.house import house
    from vedette.sharing.produce import produce
    from vedette.sharing.send import export as write

    who, own, most = officer(session), house(session.store, producer), read_marking(marking)
    if fresh:
        made = produce(session.store, who, own, clock=session.clock, marking=min_marking(most))
        _tell_counts("left out", made.left_out)
    peer = find(session.store, to) if to else None
    done = write(session.store, who, own, format_, clock=session.clock, most=most, to=peer)
    _tell_counts("not held by this format", done.lost)
    _tell_counts("held back", done.held_back)
    _deliver(session, done.data, output, {"tier": "A", "format": format_, "objects": done.count})


def min_marking(most: Any) -> Any:
    """What fresh objects are marked: amber, or less where less was asked for."""
    from vedette.sharing.model import Marking

    return min(most, Marking.AMBER, key=lambda marking: marking.rank)


def _tell_counts(what: str, counts: Any) -> None:
    for reason, count in counts.items():
        doors.warn(f"{what}: {count:,} {reason}")


def _deliver(session: doors.Session, data: bytes, output: Path | None, row: dict[str, Any]) -> None:
    if output is None:
        typer.echo(data.decode(), nl=False)
        return
    from vedette.base import Place
    from vedette.store.workspace import write_durably

    try:
        write_durably(Path(os.path.abspath(output)), data, mode=0o600)
    except OSError as fault:
        raise VedetteError(
            f"cannot be written: {fault.strerror}", place=Place(str(output)), remedy="Choose another place with -o"
        ) from None
    doors.emit(session, [{**row, "file": str(output), "bytes": len(data)}], columns=[*row, "file", "bytes"])


def _named(session: doors.Session, output: Path | None, *, disclosure: str, case: str, **asked: str) -> None:
    from vedette.sharing.disclose import ask, release

    who, home = officer(session), session.home(session.workspace)
    if disclosure:
        found, data = release(session.store, who, disclosure, home=home, clock=session.clock)
        _deliver(session, data, output, {"tier": "C", "id": found.id, "recipient": found.recipient})
        return
    if not case:
        raise typer.BadParameter("name the case: --case CASE, with --to, --ground and --reference")
    made = ask(session.store, who, case, home=home, clock=session.clock, **asked)
    doors.emit(session, [made.as_json()], columns=("id", "case_id", "recipient", "state"))
    doors.warn(f"Nothing has left. A second person runs: vedette share disclosures approve {made.id}")
    raise typer.Exit(1)


@app.command("import")
def import_(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="STIX 2.1, MISP, CSV or signed bundles; format detected.")],
    source: Annotated[str, typer.Option("--from", metavar="PEER", help="The peer that sent them.")] = "",
    all_or_nothing: Annotated[
        bool, typer.Option("--all-or-nothing", help="Refuse a file whole where one object of it is refused.")
    ] = False,
    json: doors.JSON = False,
) -> None:
    """Take in what others sent: every object becomes an item for a person to judge, and does nothing by itself.

    Refused objects are told with their reasons. Recalls by the peer or key that sent an object take effect at once;
    without --from, an unsigned file is a source of its own and recalls nothing.

    Example: vedette share import indicators.json --from north
    """
    from vedette.sharing.admit import find
    from vedette.sharing.receive import import_file

    session = doors.session(context, json=json)
    who = officer(session)
    peer: Peer | None = find(session.store, source) if source else None
    done = []
    for path in files:
        done.append(
            import_file(session.store, who, path, clock=session.clock, peer=peer, all_or_nothing=all_or_nothing)
        )
    doors.emit(session, [one.as_json() for one in done], columns=_FILES)
    for one in done:
        _tell(one)
    if any(one.problem or len(one.refused) > _MOST_REFUSED * one.read for one in done):
        raise typer.Exit(1)


def _tell(done: Received) -> None:
    """What went wrong with a file: the first reasons, and how many more there are."""
    for item in done.refused[:_TOLD]:
        doors.warn(f"{done.file}: {item.object}: {item.reason}")
    if len(done.refused) > _TOLD:
        doors.warn(f"{done.file}: {len(done.refused) - _TOLD:,} more were refused: --json names them")
    if done.unsigned_recalls:
        doors.warn(
            f"{done.file}: {done.unsigned_recalls:,} recalls came unsigned and were not acted on: "
            "use --from PEER or a signed bundle"
        )
    if done.problem:
        doors.warn(f"{done.file}: {done.problem}. {done.remedy}")


@app.command("add")
def add_(
    context: typer.Context,
    kind: Annotated[
        str, typer.Argument(help="address, range, domain, url, user_agent, tool, device_model, file_hash.")
    ],
    values: Annotated[list[str], typer.Argument(metavar="VALUE...", help="What to look for.")],
    marking: _MARKING = "amber",
    days: Annotated[int, typer.Option(min=1, max=3650, help="After so many days it ends.")] = 90,
    why: Annotated[str, typer.Option(help="What it is; read by other houses.")] = "",
    json: doors.JSON = False,
) -> None:
    """Enter open indicators by hand. Names, mail addresses and wallets are refused: they are personal data.

    Example: vedette share add domain control.example.net --why "Set-up page of a relay"
    """
    from vedette.sharing.house import house
    from vedette.sharing.model import INDICATORS, Kind
    from vedette.sharing.produce import add

    session = doors.session(context, json=json)
    if kind not in {found.value for found in INDICATORS}:
        raise typer.BadParameter(f"{kind[:20]!r} is none of {', '.join(sorted(found.value for found in INDICATORS))}")
    made = add(
        session.store,
        officer(session),
        house(session.store),
        [(Kind(kind), text) for text in values],
        clock=session.clock,
        marking=read_marking(marking),
        days=days,
        description=why,
    )
    doors.emit(session, [item.as_json() for item in made], columns=_OBJECTS)


@app.command("list")
def list_(context: typer.Context, json: doors.JSON = False) -> None:
    """Show the objects of this house, with those recalled.

    Example: vedette share list
    """
    from vedette.sharing.store.objects import objects

    session = doors.session(context, json=json)
    with session.store.database.reading() as connection:
        rows = [own.item.as_json() for own in objects(connection)]
    doors.emit(session, rows, columns=_OBJECTS, title="Objects", empty="Nothing was made to share yet.")


@app.command()
def recall(
    context: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="ID", help="An object of this house, or a beginning of its id.")],
    reason: Annotated[str, typer.Option(help="Why; recipients read it.")],
    json: doors.JSON = False,
) -> None:
    """Withdraw an object everywhere: in every collection, and by message to each peer that may have received it.

    Example: vedette share recall indicator--5f3c --reason "The address changed hands"
    """
    from vedette.sharing.withdraw import recall_object

    session = doors.session(context, json=json)
    done = recall_object(session.store, officer(session), reference, reason, clock=session.clock)
    by_hand = [one.peer for one in done.deliveries if one.state.value == "by_hand"]
    row = {
        "id": done.item.id,
        "recalled": True,
        "modified": done.item.modified,
        "collections": done.collections,
        "recipients": len(done.deliveries),
        "by_hand": by_hand,
    }
    doors.emit(session, [row], columns=list(row))
    for name in by_hand:
        doors.warn(f"{name} has no address here: tell it by its contact (vedette share peers list)")
    if len(done.deliveries) > len(by_hand):
        doors.warn("On its way: `vedette serve` sends it, or `vedette share send` does so now")


@app.command()
def send(
    context: typer.Context,
    json: doors.JSON = False,
) -> None:
    """Send what waits for peers now, once; what fails is tried again later.

    Example: vedette share send
    """
    from vedette.sharing.outbox import Outbox

    session = doors.session(context, json=json)
    done = Outbox(session.store, session.clock).round()
    doors.emit(session, [{"sent": done.sent, "failed": done.failed}], columns=("sent", "failed"))


@app.command()
def fetch(
    context: typer.Context,
    peer: Annotated[str, typer.Argument(metavar="PEER", help="Whose collections to read.")],
    collection: Annotated[str, typer.Option(help="Id or title of one collection; all readable ones where none.")] = "",
    url: Annotated[str, typer.Option(help="Its API root; the peer's address where none is given.")] = "",
    everything: Annotated[
        bool, typer.Option("--everything", help="From the beginning, not from the last time.")
    ] = False,
    json: doors.JSON = False,
) -> None:
    """Read a peer's TAXII 2.1 collections: new objects become items to judge, recalls take effect.

    Example: vedette share fetch north
    """
    from vedette.sharing.admit import find
    from vedette.sharing.pull import pull

    session = doors.session(context, json=json)
    found = find(session.store, peer)
    rows = [
        one.as_json()
        for one in pull(
            session.store,
            officer(session),
            found,
            clock=session.clock,
            only=collection,
            url=url,
            everything=everything,
        )
    ]
    doors.emit(session, rows, columns=("file", "read", "stored", "duplicates", "recalled", "refused_count"))


@app.command()
def deliveries(
    context: typer.Context,
    state: Annotated[str, typer.Option(help="waiting, sent, by_hand or dead.")] = "",
    json: doors.JSON = False,
) -> None:
    """Show what went or goes to which peer. Peers never see this.

    Example: vedette share deliveries --state by_hand
    """
    from vedette.sharing.model import DeliveryState
    from vedette.sharing.store.objects import deliveries as every

    session = doors.session(context, json=json)
    if state and state not in list(DeliveryState):
        raise typer.BadParameter(f"{state[:20]!r} is none of {', '.join(DeliveryState)}")
    with session.store.database.reading() as connection:
        found = every(connection, state=DeliveryState(state) if state else None)
    columns = ("peer", "object", "version", "state", "attempts", "next_at", "fault")
    doors.emit(session, [one.as_json() for one in found], columns=columns, empty="Nothing was delivered.")
