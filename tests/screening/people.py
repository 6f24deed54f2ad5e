"""Invented list entries and customers. No entry is a real person or body."""

from __future__ import annotations

from vedette.base import Address, Identifier, Name, NameQuality, Party, PartyKind
from vedette.screening import Edition
from vedette.watchlists import Listing

EDITION = Edition(
    list_id="xx_test_list",
    version="2026-01-01.0123456789ab",
    entries_hash="0" * 64,
    obligation="Block a true match.",
    citation=("OFAC-01",),
)
ETHER = "0x" + "AbCd" * 10
BITCOIN = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"


def listing(entity_id: str, kind: PartyKind, *names: str, **facts: object) -> Listing:
    """An entry of these names; the first is the primary one."""
    written = tuple(Name(text, NameQuality.STRONG if at else NameQuality.PRIMARY) for at, text in enumerate(names))
    return Listing(entity_id=entity_id, party=Party(id=entity_id, kind=kind, names=written, **facts), dprk=True)  # type: ignore[arg-type]  # facts of a Party


def customer(name: str = "", kind: PartyKind = PartyKind.PERSON, **facts: object) -> Party:
    """A customer of this name."""
    names = (Name(name),) if name else ()
    return Party(id="c-1", kind=kind, names=names, **facts)  # type: ignore[arg-type]  # facts of a Party


PERSON, COMPANY, VESSEL = PartyKind.PERSON, PartyKind.ORGANIZATION, PartyKind.VESSEL

LISTINGS = (
    listing(
        "p-1",
        PERSON,
        "VOLKONSKAYEV, Bartholomew Quentin",
        "Bartolomey Volkonskaev",
        birth_dates=("1961-03-14",),
        countries=("RU",),
        addresses=(Address("12 Lesnaya Street, Korolev, Russia", "RU"),),
        identifiers=(
            Identifier("passport", "X 12-345678", "RU"),
            Identifier("email", "Bart@Volkonskayev.example"),
            Identifier("phone", "+7 495 123-45-67"),
        ),
    ),
    listing("p-2", PERSON, "RI Hyon Chol", birth_dates=("1970",), countries=("KP",)),
    listing("p-3", PERSON, "Kim Jong Su"),
    listing(
        "o-1",
        COMPANY,
        "Zarvanitsa Hydroacoustic Instruments Company Limited",
        countries=("CN",),
        addresses=(Address("88 Hongqi Road, Dandong, Liaoning 118000, China", "CN"),),
        identifiers=(Identifier("registration", "91210600MA0ABC123X", "CN"),),
        websites=("http://www.zarvanitsa-hydro.example/en/",),
    ),
    listing(
        "o-2",
        COMPANY,
        "Quill Ferry Exchange",
        identifiers=(Identifier("wallet", BITCOIN), Identifier("wallet", ETHER)),
    ),
    listing("v-1", VESSEL, "MORNING HERON", identifiers=(Identifier("imo", "9187629"),)),
)
