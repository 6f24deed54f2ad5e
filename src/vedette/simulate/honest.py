"""Honest customers: the ordinary, and fourteen groups that look in one respect like somebody who is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vedette.simulate.listing import Entry
from vedette.simulate.places import Place, place, words
from vedette.simulate.world import DAY, HISTORY_DAYS, Member, World

_SHAPES = ((1, "A100-80G", 8), (1, "H100-80G", 8), (2, "L40S", 4), (1, "T4", 1))


def home(world: World, member: Member, country: str = "") -> tuple[str, ...]:
    """The addresses of a life in one country: at home, on the move, sometimes at work; a few over IPv6."""
    where = country or member.place.country
    if world.chance(0.04):
        first = world.network.address_6(where, "residential")
    else:
        first = world.network.address(where, "residential")
    mobile = [world.network.address(where, "mobile") for _ in range(world.random.randint(0, 2))]
    work = [world.network.address(where, "business")] if world.chance(0.4) else []
    return (first, *mobile, *work)


def devices(world: World, member: Member) -> tuple[str, ...]:
    """The member's device and perhaps one or two more."""
    return (member.device, *(world.new_device() for _ in range(world.random.choice((0, 0, 1, 1, 2)))))


def settle(world: World, member: Member) -> Member:
    """The trimmings of any honest account: payment, perhaps keys, a pipeline, owners, accelerators."""
    if not any(each.member == member.index for each in world.fundings[-1:]):
        world.pay(member)
    if world.chance(0.25):
        world.key(member, world.when(member.begins, member.ends))
    if world.chance(0.06):
        country = member.place.country if world.chance(0.6) else world.some_place().country
        runner = (world.network.address(country, "hosting"),)
        world.act(member, runner, (), api=1.0, rate=0.6 * member.rate, centre=12.0, spread=8.0)
    if member.row["kind"] == "organization" and not member.row["reseller_id"]:
        _owned(world, member)
    if world.chance(0.06):
        for _ in range(world.random.randint(1, 5)):
            start = world.when(member.begins, member.ends)
            world.compute(member, start, world.random.uniform(0.5, 30), world.random.choice(_SHAPES), "region-1")
    return member


def _owned(world: World, member: Member) -> None:
    """One to three owners; one in ten shares is not known, one in seven owners is a firm with an owner of its own."""
    share, country = 100.0, member.place.country
    for _ in range(world.random.randint(1, 3)):
        part = round(world.random.uniform(0.2, 0.9) * share, 1)
        share -= part
        facts = {"country": country, "control": "shares"}
        if world.chance(0.9):
            facts.update(share_min=f"{part}", share_max=f"{part}")
        if world.chance(0.15):
            above = world.own(member, world.company(), owner_kind="organization", **facts)
            facts = {"country": country, "control": "shares", "share_min": "100", "share_max": "100"}
            world.own(member, world.person(member.place), parent_owner_id=above, **facts)
        else:
            birth = f"{world.random.randint(1950, 2000)}-0{world.random.randint(1, 9)}-1{world.random.randint(0, 9)}"
            world.own(member, world.person(member.place), birth_date=birth if world.chance(0.5) else "", **facts)


def ordinary(world: World, room: int) -> list[Member]:
    """A person or firm with nothing unusual; one in twelve was referred by an earlier one."""
    kind = "organization" if world.chance(0.15) else "person"
    member = world.join("ordinary", kind=kind)
    if len(world.members) > 50 and world.chance(0.08):
        member.row["referrer_account_id"] = world.random.choice(world.members[:-1]).id
    world.act(member, home(world, member), devices(world, member))
    return [settle(world, member)]


def traveller(world: World, room: int) -> list[Member]:
    """Real journeys: home, away with the local clock, home; a day lies between for the flight."""
    member = world.join("traveller", opened=world.opening(0.05))
    at_home, used = home(world, member), devices(world, member)
    moment = member.begins
    while moment < member.ends:
        stay = world.random.randint(6, 16) * DAY
        world.act(member, at_home, used, start=moment, end=min(moment + stay, member.ends))
        moment += stay + DAY
        away, days = world.some_place(), world.random.randint(2, 8)
        if moment + days * DAY < member.ends:
            zone = away.zones[0]
            abroad = (world.network.address(away.country, "residential"), world.network.address(away.country, "mobile"))
            world.act(member, abroad, used[:1], start=moment, end=moment + days * DAY, zone=zone, clock=zone)
            moment += (days + 1) * DAY
    return [settle(world, member)]


def shared_office(world: World, room: int) -> list[Member]:
    """Many customers behind the one address of a co-working office; some also work from home."""
    at = world.some_place()
    office = world.network.address(at.country, "business")
    found = []
    for _ in range(min(room, world.random.randint(5, 30))):
        member = world.join("shared_office", at)
        world.act(member, (office, *home(world, member)), devices(world, member))
        found.append(settle(world, member))
    return found


def cgnat(world: World, room: int) -> list[Member]:
    """Strangers behind the few gateway addresses of one mobile carrier."""
    at = world.some_place()
    gateways = world.network.neighbours(at.country, "cgnat", 4)
    found = []
    for _ in range(min(room, world.random.randint(6, 40))):
        member = world.join("cgnat", at)
        world.act(member, world.random.sample(gateways, 3), devices(world, member))
        found.append(settle(world, member))
    return found


def agency(world: World, room: int) -> list[Member]:
    """One reseller that opens and pays for the accounts of its clients."""
    at = world.some_place()
    head = world.join("agency", at, kind="organization")
    office, machines = (world.network.address(at.country, "business"),), [world.new_device() for _ in range(4)]
    world.act(head, office, machines)
    card = world.pay(head, kind="card").instrument
    found = [head]
    for _ in range(min(room, world.random.randint(5, 20)) - 1):
        client = world.join("agency", kind=world.random.choice(("person", "organization")), reseller_id=head.id)
        world.act(client, (*home(world, client), office[0]), (*devices(world, client), world.random.choice(machines)))
        world.pay(client, kind="card", instrument=card, payer=head.row["name"], country=at.country)
        found.append(settle(world, client))
    return found


def classroom(world: World, room: int) -> list[Member]:
    """A course that signs up in one hour from the lab, with numbered handles and vouchers."""
    at = world.some_place()
    lab = world.network.neighbours(at.country, "education", 3)
    pool = [world.new_device() for _ in range(6)]
    first = world.when(world.start, world.end - 10 * DAY)
    school, hour = world.code("campus", 4), world.random.choice((9.5, 11.0, 14.0))
    found = []
    for number in range(min(room, world.random.randint(8, 30))):
        handle = f"student{number + 1:02d}@{school}.example"
        member = world.join("classroom", at, opened=first + number * 70, email=handle, device=world.random.choice(pool))
        own = world.new_device()
        world.act(member, lab, world.random.sample(pool, 2), centre=hour, spread=1.0)
        world.act(member, home(world, member), (own,), rate=0.5 * member.rate)
        world.pay(member, kind="credit", payer=school)
        found.append(settle(world, member))
    return found


def diaspora(world: World, room: int) -> list[Member]:
    """Truthful people who moved: a document, language or telephone from elsewhere, a life where they say."""
    at = world.some_place(("US", "US", "CA", "GB", "DE", "FR", "AU", "SE"))
    origin = world.some_place(("KR", "CN", "IN", "UA", "RU", "NG", "MX", "VN", "TR", "PK"))
    facts = {"id_document_type": "passport", "id_document_country": origin.country}
    if at.country == "US":
        facts["phone"] = world.phone(at, "850" if world.chance(0.3) else "")
    member = world.join("diaspora", at, name=world.person(origin), **facts)
    world.act(member, home(world, member), devices(world, member), locale=origin.locale)
    return [settle(world, member)]


def night_worker(world: World, room: int) -> list[Member]:
    """Somebody who lives by night, in one place."""
    member = world.join("night_worker")
    world.act(member, home(world, member), devices(world, member), centre=world.random.uniform(0.0, 4.0), spread=2.5)
    return [settle(world, member)]


def vpn_user(world: World, room: int) -> list[Member]:
    """A commercial VPN with an exit a day in a few countries; clock and browser stay at home."""
    member = world.join("vpn_user")
    lands = [world.some_place().country for _ in range(world.random.randint(1, 4))]
    exits = [world.network.address(land, "vpn") for land in lands for _ in range(2)]
    world.act(member, exits, devices(world, member), daily=True, rate=0.7 * member.rate)
    world.act(member, home(world, member), (member.device,), rate=0.15 * member.rate)
    return [settle(world, member)]


def corporate_card(world: World, room: int) -> list[Member]:
    """Colleagues with accounts of their own on the firm's card."""
    at, firm = world.some_place(), world.company()
    domain = f"{firm.split()[0].lower()}{world.random.randint(1, 9999)}.example"
    office, card = world.network.address(at.country, "business"), world.code("i")
    found = []
    for _ in range(min(room, world.random.randint(2, 6))):
        name = world.person(at)
        member = world.join("corporate_card", at, name=name, email=world.mail(name, domain))
        world.act(member, (office, *home(world, member)), devices(world, member))
        world.pay(member, kind="card", instrument=card, payer=firm)
        found.append(settle(world, member))
    return found


def family(world: World, room: int) -> list[Member]:
    """Two or three people, one home, one shared computer, sometimes one card."""
    at = world.some_place()
    shared, address = world.new_device(), world.address(at)
    house, card = world.network.address(at.country, "residential"), world.code("i")
    surname = world.person(at).split()[-1]
    one_card, payer, found = world.chance(0.5), "", []
    for _ in range(min(room, world.random.randint(2, 3))):
        name = f"{world.person(at).split()[0]} {surname}"
        payer = payer or name
        member = world.join("family", at, name=name, address=address)
        world.act(member, (house, world.network.address(at.country, "mobile")), (member.device, shared))
        if one_card:
            world.pay(member, kind="card", instrument=card, payer=payer)
        found.append(settle(world, member))
    return found


def offshore_team(world: World, room: int) -> list[Member]:
    """A firm whose engineers sign in from another country and say so."""
    at = world.some_place(("US", "GB", "DE", "CA", "AU"))
    away = world.some_place(("IN", "PH", "PL", "VN", "RO", "AR"))
    purpose = f"engineering team in {away.country}"
    member = world.join("offshore_team", at, kind="organization", declared_purpose=purpose)
    office = world.network.address(away.country, "business")
    for number in range(world.random.randint(2, 5)):
        zone, user = away.zones[0], f"u-{member.id[2:]}-{number + 2}"
        ips, machine = (office, world.network.address(away.country, "residential")), (world.new_device(),)
        world.act(member, ips, machine, zone=zone, clock=zone, locale=away.locale, user=user, rate=0.4 * member.rate)
    world.act(member, home(world, member), rate=0.2 * member.rate)
    return [settle(world, member)]


def returning_customer(world: World, room: int) -> list[Member]:
    """Somebody who was away for months and comes back with a new computer, at home as before."""
    member = world.join("returning_customer", opened=world.start - world.random.randint(300, 900) * DAY)
    member.begins = world.when(world.start + 5 * DAY, world.end - 8 * DAY)
    place_of_life = home(world, member)
    history(world, member, place_of_life, (member.device,))
    world.act(member, place_of_life, (world.new_device(),))
    return [settle(world, member)]


def history(world: World, member: Member, ips: Sequence[str], used: Sequence[str]) -> None:
    """A few sign-ins long before the plan begins."""
    for offset in HISTORY_DAYS[:3]:
        begin = world.start + offset * DAY
        world.act(member, ips, used, start=begin, end=begin + DAY, count=1)


def privacy_user(world: World, room: int) -> list[Member]:
    """Somebody who gives away little: Tor or VPN, a throw-away mailbox, no device id, a browser set to UTC."""
    mail = world.mail(world.code("x", 6), world.random.choice(words("disposable_domain")))
    member = world.join("privacy_user", email=mail, phone="", address="", birth_date="", signup_device_id="")
    klass = "tor" if world.chance(0.4) else "vpn"
    exits = [world.network.address(world.some_place().country, klass) for _ in range(12)]
    world.act(member, exits, (), daily=True, zone="UTC", locale="en-US")
    world.pay(member, kind="crypto", payer="")
    return [settle(world, member)]


def namesake(world: World, entry: Entry, number: int) -> Member:
    """Somebody who bears the name of a listed person, with another birth date or none, in another country."""
    away = [country for country in ("US", "FR", "BR", "SE", "NZ") if country != entry.country]
    birth = "" if number % 2 else f"{1995 + number % 6}-0{1 + number % 9}-1{number % 10}"
    member = world.join("namesake", place(away[number % len(away)]), name=entry.name, birth_date=birth)
    world.act(member, home(world, member), devices(world, member))
    return settle(world, member)


Builder = Callable[[World, int], list[Member]]
SHARES: tuple[tuple[Builder, float], ...] = (
    (traveller, 0.05),
    (shared_office, 0.04),
    (cgnat, 0.04),
    (agency, 0.025),
    (classroom, 0.025),
    (diaspora, 0.03),
    (night_worker, 0.02),
    (vpn_user, 0.05),
    (corporate_card, 0.03),
    (family, 0.02),
    (offshore_team, 0.015),
    (returning_customer, 0.015),
    (privacy_user, 0.02),
)
NAMESAKES = 0.002
LEAST_GROUP = 5


def settle_all(world: World, total: int, listed: Sequence[Entry]) -> None:
    """Invent exactly ``total`` honest accounts: each group to its share, the rest ordinary."""
    made = 0
    for builder, share in SHARES:
        goal = max(1, round(share * total))
        group = 0
        while group < goal:
            group += len(builder(world, max(goal - group, LEAST_GROUP)))
        made += group
    for number in range(max(2, round(NAMESAKES * total))):
        namesake(world, listed[number % len(listed)], number)
        made += 1
    while made < total:
        made += len(ordinary(world, total - made))


def claimed(world: World) -> Place:
    """A country that a planted actor says to be in."""
    return world.some_place(("US", "US", "US", "PL", "DE", "CA", "GB", "RO", "RS", "EE"))
