"""Planted actors: eleven documented patterns, each with an evasive form that shows one weak sign and is to be missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vedette.simulate.honest import claimed, devices, history, home
from vedette.simulate.listing import Entry
from vedette.simulate.places import Place, place
from vedette.simulate.world import DAY, Member, World

_BASES = (("CN", "Asia/Shanghai"), ("CN", "Asia/Pyongyang"), ("RU", "Asia/Vladivostok"))


def _group(world: World, small: int, large: int) -> int:
    return small if world.plan.accounts < 2_000 else world.random.randint(small, large)


def _join(world: World, at: Place, **facts: str | int) -> Member:
    """A planted account, not closed; half of them were opened within the plan."""
    opened = facts.pop("opened", 0) or world.opening(0.5)
    return world.join("", at, opened=opened, status="active", **facts)


def _quiet(world: World, member: Member) -> None:
    """The evasive form: an own mobile address and device where it says to be; only the hours are elsewhere's."""
    ips = (world.network.address(member.place.country, "mobile"), world.network.address(member.place.country, "mobile"))
    world.act(member, ips, clock=world.random.choice(_BASES)[1], planted=True)
    world.pay(member)


def laptop_farm(world: World, evasive: bool) -> list[Member]:
    """Many claimed people behind the one household address and the two machines of a farm."""
    at = place("US")
    farm, machines = world.network.address("US", "residential"), [world.new_device() for _ in range(2)]
    clock = world.random.choice(_BASES)[1]
    found = []
    for _ in range(_group(world, 4, 9)):
        member = _join(world, at)
        if evasive:
            _quiet(world, member)
        else:
            world.act(member, (farm,), machines, clock=clock, planted=True)
            world.pay(member)
        found.append(member)
    return found


def facilitator(world: World, evasive: bool) -> list[Member]:
    """One person funds and refers many accounts whose holders bear other names in other countries."""
    front = _join(world, place("US"))
    world.act(front, home(world, front), devices(world, front))
    card = world.pay(front, kind="card").instrument
    found = [front]
    for _ in range(_group(world, 4, 8) - 1):
        member = _join(world, claimed(world))
        if evasive:
            _quiet(world, member)
        else:
            member.row["referrer_account_id"] = front.id
            exits = [world.network.address(member.place.country, "vpn") for _ in range(2)]
            world.act(member, exits, daily=True, clock=world.random.choice(_BASES)[1])
            payer = front.row["name"]
            world.pay(member, kind="card", instrument=card, payer=payer, country="US", planted=True)
        found.append(member)
    return found


def location_contradiction(world: World, evasive: bool) -> list[Member]:
    """Declared in one place, lived in another: VPN exits that drop, a browser offset and hours that tell."""
    member = _join(world, claimed(world))
    member.row["declared_timezone"] = member.zone
    country, clock = world.random.choice(_BASES)
    if evasive:
        _quiet(world, member)
        return [member]
    exits = [world.network.address(member.place.country, "vpn") for _ in range(3)]
    world.act(member, exits, devices(world, member), daily=True, zone=clock, clock=clock, planted=True)
    real = (world.network.address(country, "residential"), world.network.address(country, "mobile"))
    for _ in range(world.random.randint(8, 16)):
        begin = world.when(member.begins, member.ends - DAY)
        world.act(member, real, start=begin, end=begin + 7_200, zone=clock, clock=clock, count=2, planted=True)
    world.pay(member)
    return [member]


def dprk_leak(world: World, evasive: bool) -> list[Member]:
    """Two accounts on one machine behind a VPN that drops once, in the true range of the DPRK."""
    found, machine = [], world.new_device()
    for _ in range(2):
        member = _join(world, claimed(world))
        found.append(member)
        if evasive:
            _quiet(world, member)
            continue
        exits = [world.network.address(land, "vpn") for land in (member.place.country, "JP", "US")]
        world.act(member, exits, (machine,), daily=True, clock="Asia/Pyongyang")
        begin = world.when(member.begins, member.ends - DAY)
        world.act(
            member,
            (world.network.leak(),),
            (machine,),
            start=begin,
            end=begin + 3_600,
            zone="Asia/Pyongyang",
            count=1,
            planted=True,
        )
        world.pay(member)
    return found


def account_takeover_rented(world: World, evasive: bool) -> list[Member]:
    """Dormant for months, then at once a new machine, country, payer, key and a renewed verification."""
    member = _join(world, claimed(world), opened=world.start - world.random.randint(400, 900) * DAY)
    history(world, member, home(world, member), (member.device,))
    begin = world.when(world.start + 5 * DAY, world.end - 8 * DAY)
    member.begins = begin
    if evasive:
        _quiet(world, member)
        return [member]
    country, clock = world.random.choice(_BASES)
    exits = [world.network.address(land, "vpn") for land in ("JP", "SG")]
    exits.append(world.network.address(country, "residential"))
    machine = (world.new_device(),)
    world.act(member, exits, machine, daily=True, zone=clock, clock=clock, planted=True)
    payer = world.person(place("HK"))
    world.pay(member, kind="crypto", payer=payer, country="HK", currency="USD", planted=True)
    world.key(member, begin + 3_600)
    member.row["verification_status"] = "reverified"
    return [member]


def front_batch(world: World, evasive: bool) -> list[Member]:
    """Front firms opened within the hour: numbered handles, one telephone, one address range, one website template."""
    at, count = claimed(world), _group(world, 4, 8)
    first, phone = world.when(world.start, world.end - 12 * DAY), world.phone(at)
    domain, template = f"{world.code('brand', 4)}.example", world.code("template", 4)
    exits = world.network.neighbours(at.country, "vpn", count)
    found = []
    for number in range(count):
        opened = first + (number * 3 * DAY if evasive else number * 400)
        member = _join(world, at, kind="organization", opened=min(opened, world.end - 2 * DAY))
        found.append(member)
        if evasive:
            _quiet(world, member)
            continue
        member.row.update(email=f"dev{number + 1:02d}@{domain}", phone=phone)
        member.row.update(website=f"https://site{number + 1:02d}-{template}.example/", signup_ip=exits[number])
        member.evidence.append(opened)
        world.own(member, world.person(at), country=at.country, share_min="100", share_max="100", control="shares")
        clock = world.random.choice(_BASES)[1]
        world.act(member, (exits[number], exits[number - 1]), daily=True, clock=clock)
        world.pay(member)
    return found


def shared_contact(world: World, evasive: bool) -> list[Member]:
    """Several names, one mailbox behind plus tags, one telephone, one document; two of them share a machine."""
    at = claimed(world)
    stem, phone, paper = world.code("box", 5), world.phone(at), world.code("", 48)[1:]
    found, machine = [], world.new_device()
    for number in range(_group(world, 3, 4)):
        member = _join(world, at)
        found.append(member)
        if evasive:
            _quiet(world, member)
            continue
        tag = ("", "+work", "+team", "+x")[number]
        mail = f"{stem}{tag}@mail.example"
        member.row.update(email=mail.upper() if number == 2 else mail, phone=phone)
        member.row.update(id_document_type="passport", id_document_country=at.country, id_document_hash=paper)
        member.evidence.append(member.begins)
        world.act(member, home(world, member), (member.device, machine) if number < 2 else None)
        world.pay(member)
    return found


def dprk_statement(world: World, number: int) -> list[Member]:
    """The customer's own present statement: country KP, or a telephone of the DPRK."""
    member = _join(world, place("CN"))
    facts = ({"country": "KP", "address": "Potonggang District; Pyongyang"}, {"phone": f"+8502000{number:04d}"})[
        number % 2
    ]
    member.row.update(facts)
    member.evidence.append(member.begins)
    world.act(member, [world.network.address(member.place.country, "hosting")], clock="Asia/Pyongyang")
    world.pay(member)
    return [member]


def split_compute(world: World, evasive: bool) -> list[Member]:
    """One hand splits one training run over several accounts, with one key and one machine."""
    machine, fingerprint, found = world.new_device(), "", []
    begin, hours = world.when(world.start + DAY, world.end - 9 * DAY), world.random.uniform(40, 90)
    for _ in range(_group(world, 3, 6)):
        member = _join(world, claimed(world))
        member.begins = min(member.begins, begin)
        world.compute(member, begin + world.random.randint(0, 900), hours, (4, "H100-80G", 8), "region-1")
        found.append(member)
        if evasive:
            _quiet(world, member)
            continue
        fingerprint = world.key(member, max(member.opened, begin - DAY), fingerprint)
        exits = (world.network.address(member.place.country, "hosting"),)
        world.act(member, exits, (machine,), clock=world.random.choice(_BASES)[1], planted=True)
        world.pay(member)
    return found


def multi_ip(world: World, evasive: bool) -> list[Member]:
    """One account used from the households of four countries within the hour, each time from another machine."""
    member = _join(world, claimed(world))
    lands = (member.place.country, "CN", "RU", "BR")[: 2 if evasive else 4]
    crew = [((world.network.address(land, "residential"),), (world.new_device(),)) for land in lands]
    world.act(member, home(world, member), rate=0.5 * member.rate)
    for _ in range(1 if evasive else world.random.randint(5, 10)):
        begin = world.when(member.begins, member.ends - DAY)
        for ips, machine in crew:
            world.act(member, ips, machine, start=begin, end=begin + 3_000, count=1, planted=True)
    world.pay(member)
    return [member]


def listed_customer(world: World, number: int, entries: Sequence[Entry]) -> list[Member]:
    """A listed party signs up: with its birth date, by name only, with its wallet, or as owner of a firm."""
    people = [entry for entry in entries if entry.schema == "Person"]
    entry = people[(number * 2 + 1) % len(people)]
    form = ("birth", "name", "birth", "name", "wallet", "owner")[number % 6]
    at = place(entry.country)
    if form == "owner":
        member = _join(world, at, kind="organization")
        facts = {"country": at.country, "birth_date": entry.birth_date, "control": "shares"}
        world.own(member, entry.name, share_min="60", share_max="60", **facts)
        world.own(member, world.person(at), country=at.country, share_min="40", share_max="40", control="shares")
    else:
        birth = "" if form == "name" else entry.birth_date
        member = _join(world, at, name=entry.name, birth_date=birth)
    member.evidence.append(member.begins)
    world.act(member, home(world, member), devices(world, member))
    if form == "wallet":
        world.pay(member, kind="crypto", wallet=entries[-1].wallet, planted=True)
    else:
        world.pay(member)
    return [member]


Planter = Callable[[World, bool], list[Member]]
PLANTERS: tuple[Planter, ...] = (
    laptop_farm,
    facilitator,
    location_contradiction,
    dprk_leak,
    account_takeover_rented,
    front_batch,
    shared_contact,
    split_compute,
    multi_ip,
)
_EVASIVE_TURNS = (2, 4, 8, 3, 0, 1, 5, 6, 7)
SHARED = frozenset(
    ("laptop_farm", "facilitator", "front_batch", "shared_contact", "split_compute"),
)
"""Kinds whose evidence begins only when a second account of the actor shows it."""


def plant(world: World, entries: Sequence[Entry]) -> None:
    """Plant whole rounds until the planned number is reached: every kind once, and three evasive actors a round."""
    actors = turns = 0

    def enter(members: list[Member], kind: str, evasive: bool = False) -> None:
        nonlocal actors
        actors += 1
        world.mark(members, kind, f"actor-{actors:04d}", evasive)

    while not world.members or len(world.members) < world.plan.planted:
        for planter in PLANTERS:
            enter(planter(world, False), planter.__name__)
        for number in (turns * 2, turns * 2 + 1):
            enter(listed_customer(world, number, entries), "listed_customer")
        enter(dprk_statement(world, turns), "dprk_statement")
        for step in range(3):
            planter = PLANTERS[_EVASIVE_TURNS[(turns * 3 + step) % len(_EVASIVE_TURNS)]]
            enter(planter(world, True), planter.__name__, True)
        turns += 1
