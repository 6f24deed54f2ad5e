"""`vedette report`: make a paper about a case, take it through review and approval, and note that it left."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from vedette import doors

if TYPE_CHECKING:
    from vedette.cases.words import LegalClock
    from vedette.reports.model import Filed

_MAKE = "draft"
_COLUMNS = ("report_id", "report", "subject", "number", "state", "route", "missing", "changed_at")
_REPORT = Annotated[str, typer.Argument(metavar="REPORT", help="Report id, or its beginning.")]


class NameFirst(TyperGroup):
    """Takes a kind of report where a command's name could stand: `vedette report NAME CASE` drafts."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The named command; for any other word, ``draft`` with all words."""
        first = args[0] if args else ""
        if first and not first.startswith("-") and first not in self.commands:
            return super().resolve_command(ctx, [_MAKE, *args])
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=NameFirst,
    help="Make papers about cases; two people agree before one leaves.\n\nExample: vedette report draft sar_narrative case_3k5v -o narrative.pdf",
    no_args_is_help=True,
)


@app.command(_MAKE)
def draft(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Kind of report; `vedette report list` shows them.")],
    subject: Annotated[
        str, typer.Argument(metavar="CASE", help="Case or account id; none for a report about the whole house.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write: .pdf, .docx, .json, .zip, .md or .csv.")
    ] = None,
    entered: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=TEXT", help="Fill in what only a person knows; repeatable."),
    ] = None,
    language: Annotated[str, typer.Option(help="en, or ko where the kind speaks it.")] = "en",
    amend: Annotated[bool, typer.Option("--amend", help="Begin the correction of a report that was sent.")] = False,
    json: doors.JSON = False,
) -> None:
    """Draft a report, or give the one that stands; `vedette report NAME CASE` means the same.

    Example: vedette report draft ofac_blocking case_3k5v --set holder="Example Cloud Ltd" -o blocking.pdf
    """
    from vedette.reports import draft as make
    from vedette.reports.gather import HOUSE

    session = doors.session(context, json=json)
    form = _form(output)
    made = make(
        session.store,
        session.principal,
        name,
        subject or HOUSE,
        home=session.home(session.workspace),
        clock=session.clock,
        language=language,
        entered=_pairs(entered or []),
        amend=amend,
    )
    _write(session, made, output, form)
    _tell(session, made)


@app.command("list")
def list_(context: typer.Context, json: doors.JSON = False) -> None:
    """Show the kinds of report, who reads each, and where it may go.

    Example: vedette report list
    """
    from vedette.reports import kinds

    session = doors.session(context, json=json)
    columns = ("name", "about", "reader", "languages", "routes", "caption")
    doors.emit(session, [item.as_json() for item in kinds().values()], columns=columns, title="Reports")


@app.command()
def states(
    context: typer.Context,
    case: Annotated[str | None, typer.Option(help="Only those about this case or account.")] = None,
    json: doors.JSON = False,
) -> None:
    """Show where every report stands, the one that changed last in front.

    Example: vedette report states --case case_3k5v
    """
    from vedette.reports import all_filed

    session = doors.session(context, json=json)
    rows = [item.as_json() for item in all_filed(session.store, case)]
    doors.emit(session, rows, columns=_COLUMNS, title="Reports", empty="No report was drafted.")


@app.command()
def show(context: typer.Context, report: _REPORT, json: doors.JSON = False) -> None:
    """Show one report: where it stands, what is missing, and every step with its leaf of the audit log.

    Example: vedette report show rep_3k5v
    """
    from vedette.reports import find, steps

    session = doors.session(context, json=json)
    found = find(session.store, report)
    rows = [step.as_json() for step in steps(session.store, found.report_id)]
    if session.json:
        doors.emit(session, [{**found.as_json(), "steps": rows}], columns=())
        return
    _tell(session, found)
    doors.emit(session, rows, columns=("number", "time", "principal", "verb", "facts", "leaf"), title="Steps")


@app.command()
def export(
    context: typer.Context,
    report: _REPORT,
    output: Annotated[Path, typer.Option("-o", "--output", help="File: .pdf, .docx, .json, .zip, .md or .csv.")],
    json: doors.JSON = False,
) -> None:
    """Write a report as it stands to a file.

    Example: vedette report export rep_3k5v -o report.zip
    """
    from vedette.reports import find

    session = doors.session(context, json=json)
    form = _form(output)
    found = find(session.store, report)
    _write(session, found, output, form)
    _tell(session, found)


@app.command()
def grounds(context: typer.Context, json: doors.JSON = False) -> None:
    """Show on what grounds records may go to an authority from this workspace's home today.

    Example: vedette report grounds
    """
    from vedette.reports.grounds import available

    session = doors.session(context, json=json)
    found = available(session.home(session.workspace), session.clock.now().date())
    rows = [
        {"kind": kind, "rule": rule.id, "source": rule.source, "effect": rule.effect, "caveat": rule.caveat}
        for kind, rules in found.items()
        for rule in rules
    ]
    doors.emit(session, rows, columns=("kind", "rule", "source", "effect"), empty="No ground is known here.")


@app.command()
def submit(
    context: typer.Context,
    report: _REPORT,
    to: Annotated[str, typer.Option("--to", metavar="ROUTE", help="Where it goes, such as ofac or customer.")],
    ground: Annotated[str, typer.Option(help="For an authority: the policy rule that is the ground.")] = "",
    reference: Annotated[str, typer.Option(help="For an authority: number of the order, request or opinion.")] = "",
    json: doors.JSON = False,
) -> None:
    """Hand a draft to a second person, with its route and ground.

    Example: vedette report submit rep_3k5v --to ofac --ground us_disclosure_counsel --reference OPINION-17
    """
    from vedette.reports import find
    from vedette.reports import submit as hand_over

    session = doors.session(context, json=json)
    made = hand_over(
        session.store,
        session.principal,
        find(session.store, report).report_id,
        to=to,
        home=session.home(session.workspace),
        clock=session.clock,
        ground=ground,
        reference=reference,
    )
    _tell(session, made)


@app.command()
def approve(context: typer.Context, report: _REPORT, json: doors.JSON = False) -> None:
    """Agree as a second person: neither who drafted it nor who submitted it.

    Example: vedette report approve rep_3k5v
    """
    from vedette.reports import approve as agree
    from vedette.reports import find

    session = doors.session(context, json=json)
    found = find(session.store, report).report_id
    _tell(session, agree(session.store, session.principal, found, clock=session.clock))


@app.command("return")
def return_(context: typer.Context, report: _REPORT, json: doors.JSON = False) -> None:
    """Send a report in review back to draft.

    Example: vedette report return rep_3k5v
    """
    from vedette.reports import find, give_back

    session = doors.session(context, json=json)
    found = find(session.store, report).report_id
    _tell(session, give_back(session.store, session.principal, found, clock=session.clock))


@app.command()
def sent(context: typer.Context, report: _REPORT, json: doors.JSON = False) -> None:
    """Note that an approved report has left; refused where its ground no longer holds.

    Example: vedette report sent rep_3k5v
    """
    from vedette.reports import find
    from vedette.reports import sent as note_sent

    session = doors.session(context, json=json)
    found, home = find(session.store, report).report_id, session.home(session.workspace)
    _tell(session, note_sent(session.store, session.principal, found, home=home, clock=session.clock))


@app.command()
def acknowledged(
    context: typer.Context,
    report: _REPORT,
    receipt: Annotated[str, typer.Option(help="Number of the receipt or letter.")],
    refused: Annotated[bool, typer.Option("--refused", help="The receiver did not take it.")] = False,
    json: doors.JSON = False,
) -> None:
    """Note the receiver's answer.

    Example: vedette report acknowledged rep_3k5v --receipt ORS-2026-0042
    """
    from vedette.reports import find, received

    session = doors.session(context, json=json)
    found = find(session.store, report).report_id
    made = received(session.store, session.principal, found, receipt, clock=session.clock, accepted=not refused)
    _tell(session, made)
    for row in [] if refused else _still_running(session, made):
        doors.say(
            session, f"Still due by {row.due_on}: vedette cases clocks --met {row.clock_id} --reference {receipt}"
        )


@app.command()
def withdraw(
    context: typer.Context,
    report: _REPORT,
    shred: Annotated[bool, typer.Option("--shred", help="Destroy its content, too; the log stays provable.")] = False,
    json: doors.JSON = False,
) -> None:
    """Give a report up before it leaves.

    Example: vedette report withdraw rep_3k5v --shred
    """
    from vedette.reports import State, find
    from vedette.reports import shred as destroy
    from vedette.reports import withdraw as give_up

    session = doors.session(context, json=json)
    found = find(session.store, report)
    if found.state not in (State.WITHDRAWN, State.AMENDED) or not shred:
        found = give_up(session.store, session.principal, found.report_id, clock=session.clock)
    if shred:
        destroy(session.store, session.principal, found.report_id, clock=session.clock)
    _tell(session, found)


def _still_running(session: doors.Session, made: Filed) -> list[LegalClock]:
    """The legal terms of the report's case and rules that nobody has noted as met."""
    from vedette.cases import clocks
    from vedette.reports import kind

    rules = kind(made.name).policy
    return [item for item in clocks(session.store) if item.case_id == made.subject and item.policy in rules]


def _pairs(given: list[str]) -> dict[str, str]:
    wrong = [item for item in given if "=" not in item]
    if wrong:
        raise typer.BadParameter(f'{wrong[0]!r} is no KEY=TEXT; write --set value="1,200 USD"')
    return {key.strip(): text for key, _, text in (item.partition("=") for item in given)}


def _form(output: Path | None) -> str:
    from vedette.reports import FORMATS

    form = "" if output is None else output.suffix.lstrip(".").lower()
    if output is not None and form not in FORMATS:
        raise typer.BadParameter(f"{output} ends with no known format; one of: {', '.join(FORMATS)}")
    return form


def _write(session: doors.Session, made: Filed, output: Path | None, form: str) -> None:
    if output is None:
        return
    from vedette.reports import written
    from vedette.store.workspace import write_durably

    data = written(session.store, made, form, clock=session.clock)
    # The file holds customer data in the clear: its owner alone may read it.
    write_durably(Path(os.path.abspath(output)), data, mode=0o600)


def _tell(session: doors.Session, made: Filed) -> None:
    doors.emit(session, [made.as_json()], columns=_COLUMNS)
    if made.missing:
        doors.say(session, f"Not held: {', '.join(made.missing)}. Fill in with --set KEY=TEXT.")
