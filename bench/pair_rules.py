"""Ways in which one bearer's name is written twice, and ways in which two bearers' names come close: rules for a bench of pairs.

Written from general knowledge before any score of this project was seen on their output. Every rule returns ``None`` where it does not apply.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

Change = Callable[[str, random.Random], str | None]

NICKNAMES = """
Abigail Abby|Abraham Abe|Albert Bert|Alexander Sasha|Alexander Alec|Aleksandr Sasha|Alfred Fred|Amanda Mandy|Andrei Andrey|Anna Annie|Antonio Toni|Arthur Art
Barbara Barb|Benjamin Ben|Bernard Bernie|Bradley Brad|Caroline Carrie|Catherine Kate|Charles Chuck|Christina Tina|Christine Chris|Christopher Chris|Clifford Cliff|Cynthia Cindy
Daniel Danny|Deborah Debbie|Dmitry Dima|Dominic Nick|Donald Don|Dorothy Dot|Douglas Doug|Edward Ted|Edward Eddie|Elizabeth Beth|Elizabeth Lisa|Eugene Gene|Evgeny Zhenya|Florence Flo
Francisco Paco|Frederick Fred|Gabriel Gabe|Geoffrey Geoff|Gerald Gerry|Gerard Gerry|Gilbert Gil|Gregory Greg|Guillermo Memo|Harold Harry|Heinrich Heinz|Henry Hank|Henry Harry
Isabella Bella|Ivan Vanya|Jacob Jake|Jacqueline Jackie|James Jim|Janet Jan|Jeffrey Jeff|Jennifer Jenny|Jeremy Jerry|Jessica Jess|Johannes Hans|John Jack|Jonathan Jon
Jose Pepe|Josef Sepp|Joseph Joe|Joshua Josh|Juan Juanito|Judith Judy|Katherine Kathy|Kenneth Ken|Kimberly Kim|Konstantin Kostya|Lawrence Larry|Leonard Len|Lillian Lily|Lucas Luke|Ludmila Lyuda
Manuel Manolo|Margaret Peggy|Margaret Maggie|Maria Masha|Matthew Matt|Maximilian Max|Melissa Missy|Michael Mike|Mikhail Misha|Mitchell Mitch|Nancy Nan|Natalia Natasha|Nathaniel Nate|Nicholas Nick
Nikolai Kolya|Olga Olya|Oliver Ollie|Pamela Pam|Patricia Trish|Patrick Paddy|Pavel Pasha|Peter Pete|Philip Phil|Raymond Ray|Rebecca Becky|Richard Dick|Richard Rick|Robert Bob|Roberto Beto|Rodney Rod
Roland Rolly|Ronald Ron|Russell Russ|Samantha Sam|Samuel Sam|Sandra Sandy|Sebastian Seb|Sergei Seryozha|Sidney Sid|Solomon Sol|Stanislav Stas|Stephanie Steph|Stephen Steve|Steven Steve|Susan Sue
Tatiana Tanya|Terence Terry|Theodore Ted|Theresa Terry|Thomas Tom|Timothy Tim|Valentina Valya|Victor Vic|Victoria Vicky|Vincent Vince|Virginia Ginny|Vladimir Volodya|Vladimir Vova|Walter Walt
Wesley Wes|Wilhelm Willi|William Bill|William Liam|Yekaterina Katya|Yuri Yura|Zachary Zack
"""
NEAR_GIVEN = """
Jon Joan|Li Lu|Jean Joan|Eric Erin|Mario Maria|Martin Martina|Carlo Carla|Dan Don|Juan Jean|Paul Paula|Kim Tim|Ray Roy|Ana Ada|Ian Ivan|Lee Leo|Ali Adi|Omar Amar|Wei Wen|Ming Ling
Mark Mary|Karl Karen|Jan Jana|Alexander Alexandra|Daniel Daniela|Louis Louise|Christian Christina|Marion Marian|Jane June|Tim Tom|Ron Rob|Ben Ken|Dina Nina|Lara Sara|Mina Mona|Hassan Hussein
Said Saad|Karim Kamal|Ahmed Hamid|Nasir Nasim|Jamil Jamal|Rashid Rashad|Farid Fahd|Salim Salah|Igor Egon|Oleg Olga|Boris Doris|Anton Antonia|Pavel Pavle|Petr Piotrina|Hans Hanna|Fritz Frida
Rosa Ross|Elena Helen|Julian Julia|Simon Simone|Denis Denise|Andre Andrea|Gabriel Gabriela|Michel Michele|Frances Francis|Robin Robina|Roman Romana|Victor Victoria|Bernard Bernadette|George Georgia
"""
NEAR_FAMILY = """
Johnson Johnston|Parker Barker|Mills Miles|Rose Ross|Lane Lang|Hart Hurt|Moss Ross|Cole Cox|Dunn Dean|Hall Hale|Bell Ball|Ward Wade|Carter Cartier|Hunt Hurst|Brown Bowen|Miller Milner|Martin Morton|Harris Harrison
Ali Aly-Din|Khan Kahn|Hassan Hussein|Rahman Rahmani|Karimi Karami|Petrov Pavlov|Ivanov Iranov|Popov Panov|Sokolov Sobolev|Morozov Mironov|Zhang Zheng|Wang Weng|Li Lu|Chen Cheng|Sun Son|Ma Mo|Xu Xie|Lin Liu
Garcia Garza|Torres Torre|Ramos Ramirez|Silva Selva|Costa Coste|Santos Santini|Lopes Lobos|Rossi Rosso|Bianchi Banchi|Weber Wagner|Meier Mader|Fischer Fichte|Becker Decker|Nowak Novik|Haddad Hamdan|Saleh Salem
"""
SWAPS = (
    ("kh", "h", "h kh"), ("ey", "ei", "ej ey"), ("iy", "y", "ii iy"), ("zh", "j", "z zh"), ("ou", "u", "oo ou"), ("ee", "i", "ie ee"), ("q", "k", "c q"), ("dh", "d", "d dh"),
    ("th", "t", "t th"), ("sch", "sh", "sh sch"), ("ov", "off", "ow ov"), ("ev", "eff", "ew ev"), ("aa", "a", "a aa"), ("ph", "f", "f ph"), ("ks", "x", "x ks"), ("yu", "iu", "ju yu"),
    ("ya", "ia", "ja ya"), ("ts", "tz", "c ts"), ("ss", "s", "s ss"), ("ll", "l", "l ll"), ("mm", "m", "m mm"), ("oe", "o", "o oe"), ("ue", "u", "u ue"), ("shch", "sch", "sch shch"), ("w", "v", "v w"),
    ("gh", "g", "g gh"), ("ck", "k", "k ck"), ("iyya", "ia", "iya ia"), ("ai", "ay", "ay ai"), ("ye", "e", "je ye"),
)  # fmt: skip
FAMILIES = "Hartwell Okafor Lindqvist Moretti Nakamura Petrenko Delgado Yilmaz Haddad Mwangi Kowalski Fontaine Bergstrom Castellano Rahimi Osei Varga Novotny Silveira Demir".split()
TITLES = ("Dr.", "Mr", "Mrs.", "Prof.", "Sir", "Hon.")
TAILS = ("Jr.", "PhD", "Esq.")
_PARTICLE = re.compile(r"(?i)\b(al|el|bin|ibn|ben|de|la|del|da|dos|van|von|der|den|di|ul)\b[- ]?")


def _cells(table: str) -> list[tuple[str, str]]:
    pairs = [cell.split() for line in table.strip().splitlines() for cell in line.split("|")]
    return [(one, two) for one, two in pairs]


NICKNAME_PAIRS, NEAR_PAIRS, NEAR_FAMILIES = map(_cells, (NICKNAMES, NEAR_GIVEN, NEAR_FAMILY))


def spoken(name: str) -> tuple[str, ...]:
    """Given names first: "KIM, Jong Un" as Jong Un KIM."""
    family, _, given = name.partition(",")
    return (*given.split(), *family.split()) if given.strip() else tuple(name.split())


def turned(name: str, rng: random.Random) -> str | None:
    """The other order of a name of two parts."""
    tokens = spoken(name)
    if "," in name:
        return " ".join(tokens)
    return f"{tokens[-1]}{rng.choice((',', ''))} {' '.join(tokens[:-1])}" if len(tokens) > 1 else None


def initialled(name: str, rng: random.Random) -> str | None:
    """The first given name as an initial."""
    tokens = spoken(name)
    return (
        f"{tokens[0][0]}{rng.choice(('.', ''))} {' '.join(tokens[1:])}"
        if len(tokens) > 1 and len(tokens[0]) > 1
        else None
    )


def middle_initialled(name: str, rng: random.Random) -> str | None:
    """The middle name as an initial."""
    tokens = spoken(name)
    return " ".join((tokens[0], tokens[1][0] + rng.choice((".", "")), *tokens[2:])) if len(tokens) == 3 else None


def shortened(name: str, rng: random.Random) -> str | None:
    """One middle part dropped: a second given name, a patronymic, a grandfather's name."""
    tokens = spoken(name)
    drop = rng.randrange(1, len(tokens) - 1) if len(tokens) > 2 else 0
    return " ".join((*tokens[:drop], *tokens[drop + 1 :])) if drop else None


def unparticled(name: str, rng: random.Random) -> str | None:
    """Particles dropped, or joined to the next word."""
    changed = _PARTICLE.sub(rng.choice(("", r"\1")), name)
    return changed if changed != name else None


def hyphened(name: str, rng: random.Random) -> str | None:
    """Hyphens as spaces or nothing; without hyphens the first two given names joined by one."""
    if "-" in name:
        return name.replace("-", rng.choice((" ", "")))
    tokens = spoken(name)
    return f"{tokens[0]}-{tokens[1]} {' '.join(tokens[2:])}" if len(tokens) > 2 else None


def respelt(name: str, rng: random.Random) -> str | None:
    """One or two spelling habits changed, in either direction."""
    low, hits = name, 0
    for cells in rng.sample(SWAPS, len(SWAPS)):
        old, new = rng.choice(((cells[0], cells[1]), (cells[1], cells[0]), tuple(reversed(cells[2].split()))))
        if len(old) >= 1 and re.search(old, low[1:], re.I) and (len(old) > 1 or rng.random() < 0.3):
            low = low[0] + re.sub(old, new, low[1:], count=1, flags=re.I)
            hits += 1
        if hits == 2:
            break
    return low if hits and low.lower() != name.lower() else None


def mistyped(name: str, rng: random.Random, errors: int = 1) -> str | None:
    """Letters replaced, dropped, doubled with another, or swapped with the next; not in names under six letters."""
    changed = name
    if sum(map(str.isalpha, name)) < 6 * errors:
        return None
    for _ in range(errors):
        at = rng.choice([place for place, char in enumerate(changed) if char.isalpha()])
        letter = rng.choice("abcdefghijklmnopqrstuvwxyz")
        tails = (letter + changed[at + 1 :], changed[at + 1 :], letter + changed[at:])
        changed = changed[:at] + rng.choice((*tails, changed[at + 1 : at + 2] + changed[at] + changed[at + 2 :]))
    return changed if changed.lower() != name.lower() else None


def mistyped_twice(name: str, rng: random.Random) -> str | None:
    """Two typing errors in a name of at least twelve letters."""
    return mistyped(name, rng, 2)


def accented(name: str, rng: random.Random) -> str | None:
    """Marks put on some letters, as languages that use them would."""
    marks = {"a": "áäãåâ", "e": "éèëę", "o": "óöøõ", "u": "úüů", "i": "íî", "c": "çć", "s": "šş", "n": "ñń", "z": "žż"}
    places = [at for at, char in enumerate(name) if char in marks]
    if not places:
        return None
    chosen = set(rng.sample(places, min(2, len(places))))
    return "".join(rng.choice(marks[char]) if at in chosen else char for at, char in enumerate(name))


def plain(name: str, rng: random.Random) -> str | None:
    """Marks dropped."""
    bare = "".join(char for char in unicodedata.normalize("NFD", name) if not unicodedata.combining(char))
    return bare if bare != unicodedata.normalize("NFD", name) else None


def doubled(name: str, rng: random.Random) -> str | None:
    """A second family name after marriage or by custom."""
    tokens = spoken(name)
    return f"{' '.join(tokens)}{rng.choice(('-', ' '))}{rng.choice(FAMILIES)}" if len(tokens) == 2 else None


def titled(name: str, rng: random.Random) -> str | None:
    """A title before or a suffix behind."""
    spelt = " ".join(spoken(name))
    return f"{rng.choice(TITLES)} {spelt}" if rng.random() < 0.6 else f"{spelt}, {rng.choice(TAILS)}"


def joined(name: str, rng: random.Random) -> str | None:
    """Two given names written as one."""
    tokens = spoken(name)
    return " ".join((tokens[0] + tokens[1].lower(), *tokens[2:])) if len(tokens) > 2 else None


SAME_PERSON: dict[str, Change] = {
    "order": turned, "initial": initialled, "middle initial": middle_initialled, "part dropped": shortened, "particles": unparticled, "hyphens": hyphened,
    "respelt": respelt, "typing error": mistyped, "two typing errors": mistyped_twice, "accents put on": accented, "accents dropped": plain,
    "double surname": doubled, "title": titled, "given names joined": joined,
}  # fmt: skip


# ---- organisations ------------------------------------------------------------------------------------------------

FORMS = (
    "Ltd|Limited", "Ltd.|Ltd", "Co., Ltd.|Company Limited", "Inc.|Incorporated", "Corp.|Corporation", "LLC|L.L.C.", "LLC|Limited Liability Company", "GmbH|Gesellschaft mit beschränkter Haftung", "AG|Aktiengesellschaft",
    "S.A.|SA", "S.A.|Sociedad Anónima", "S.A.|Société Anonyme", "S.r.l.|Società a responsabilità limitata", "S.p.A.|Società per azioni", "S.L.|Sociedad Limitada", "Ltda.|Limitada", "S.A.R.L.|SARL",
    "A.Ş.|Anonim Şirketi", "Ltd. Şti.|Limited Şirketi", "Oy|Osakeyhtiö", "AB|Aktiebolag", "A/S|Aktieselskab", "B.V.|Besloten Vennootschap", "N.V.|Naamloze Vennootschap", "Sp. z o.o.|Spółka z ograniczoną odpowiedzialnością",
    "OOO|LLC", "OOO|Limited Liability Company", "JSC|Joint Stock Company", "PJSC|Public Joint Stock Company", "OAO|Open Joint Stock Company", "AO|JSC", "ZAO|Closed Joint Stock Company", "Sdn. Bhd.|Sendirian Berhad",
    "PT|Perseroan Terbatas", "Pte. Ltd.|Private Limited", "Pvt. Ltd.|Private Limited", "K.K.|Kabushiki Kaisha", "d.o.o.|društvo s ograničenom odgovornošću", "s.r.o.|společnost s ručením omezeným", "EOOD|OOD", "PLC|Public Limited Company",
    "LLP|Limited Liability Partnership", "FZE|Free Zone Establishment", "Kft.|Korlátolt Felelősségű Társaság", "Co|Company", "& Co. KG|GmbH & Co. KG", "TNHH|Trách nhiệm hữu hạn",
)  # fmt: skip
ABBREVIATIONS = (
    "International|Intl", "International|Int'l", "Company|Co", "Manufacturing|Mfg", "University|Univ", "Technology|Tech", "Technologies|Technology", "Development|Dev", "Engineering|Eng", "Industries|Industry", "Industrial|Ind",
    "Association|Assoc", "Corporation|Corp", "Institute|Inst", "Department|Dept", "Group|Grp", "Services|Svcs", "Systems|Sys", "National|Natl", "Government|Govt", "Management|Mgmt", "Research|Res", "Electronics|Electronic",
    "Import|Imp", "Export|Exp", "Brothers|Bros", "General|Gen", "Shipping|Shpg", "Trading|Trdg", "Center|Centre", "Laboratory|Lab", "Investment|Invest", "Petroleum|Petrol", "Construction|Constr", "Organization|Organisation",
    "Equipment|Equip", "Holding|Holdings", "Limited|Ltd", "and|&", "Saint|St", "Academy|Acad", "Production|Prod", "Transport|Transportation", "Enterprises|Enterprise", "Bank|Bk", "Hospital|Hosp", "Insurance|Ins", "Telecom|Telecommunications",
)  # fmt: skip
BRANCHES = (
    "Hong Kong|Macau", "Beijing|Shanghai", "London|Paris", "North|South", "East|West", "Moscow|Kazan", "Dubai|Sharjah", "Tehran|Isfahan", "Germany|France", "Japan|Korea", "India|Pakistan", "First|Second", "1|2", "No. 5|No. 7", "2015|2016",
    "Singapore|Malaysia", "Guangzhou|Shenzhen", "I|II", "Asia|Africa", "Texas|Ohio", "Ukraine|Belarus", "Chengdu|Nanjing", "Istanbul|Ankara", "Syria|Lebanon", "Alpha|Beta",
)  # fmt: skip
TRADES = "Shipping Trading Electronics Pharmaceuticals Insurance Textiles Mining Logistics Construction Chemicals Foods Travel Software Cement Steel Furniture Fisheries Energy Printing Aviation".split()
_FORM = (
    r"(public|open|closed|private)? ?joint[- ]stock company|(a |the )?limited liability company|co\.?,? ?ltd\.?|pvt\.? ltd\.?|ltd\.?|limited|inc\.?|corp\.?|corporation|llc|l\.l\.c\.|gmbh|s\.?a\.?|"
    r"company|jsc|ojsc|pjsc|cjsc|ooo|oao|zao|pao|ao|plc|fze|s\.?a\.? de c\.?v\.?|obshchestvo s ogranichennoi otvetstvennostyu|aktsionernoe obshchestvo|anonim sirketi|limited sirketi|sarl|s\.a\.r\.l\.|srl|spa|limitada|ltda\.?"
)
_FORM_TAIL = re.compile(rf"(?i)[,\s]+\b({_FORM})\.?$")
_FORM_HEAD = re.compile(rf"(?i)^({_FORM})\s+")


def bare(name: str) -> str:
    """The name without legal forms at its ends."""
    before = ""
    while before != name:
        before, name = name, _FORM_HEAD.sub("", _FORM_TAIL.sub("", name)).strip(" ,‘’“”\"'")
    return name or before


def reformed(name: str, rng: random.Random) -> tuple[str, str]:
    """The same name with one legal form written in two ways, before or behind."""
    one, two = rng.choice(FORMS).split("|")
    stem = bare(name)
    return f"{stem} {one}", f"{two} {stem}" if rng.random() < 0.2 else f"{stem} {two}"


def unformed(name: str, rng: random.Random) -> str | None:
    """The legal form left out, or put on where there is none."""
    stem = bare(name)
    return stem if stem != name else f"{name} {rng.choice(FORMS).split('|')[0]}"


def abbreviated(name: str, rng: random.Random) -> str | None:
    """One or two words abbreviated or written out."""
    changed, hits = name, 0
    for cell in rng.sample(ABBREVIATIONS, len(ABBREVIATIONS)):
        one, two = cell.split("|") if rng.random() < 0.6 else reversed(cell.split("|"))
        turned_once = re.sub(rf"(?i)(?<!\w){re.escape(one)}(?!\w)", two, changed, count=1)
        if turned_once != changed and hits < 2:
            changed, hits = turned_once, hits + 1
    return changed if hits else None


def reordered(name: str, rng: random.Random) -> str | None:
    """Another order of the words: "Bank of East Land" as "East Land Bank", or the last two words exchanged."""
    found = re.match(r"(?i)^(bank|university|ministry|institute|academy|department|bureau) (?:of|for) (.+)$", name)
    if found:
        return f"{found[2]} {found[1]}"
    words = bare(name).split()
    return " ".join((*words[-1:], *words[:-1])) if len(words) >= 3 else None


def acronymed(name: str, rng: random.Random) -> str | None:
    """The first letters of at least three words."""
    words = [word for word in re.findall(r"\w+", bare(name)) if word.lower() not in ("of", "and", "the", "for", "de")]
    return "".join(word[0] for word in words).upper() if 3 <= len(words) <= 6 else None


def acronym_added(name: str, rng: random.Random) -> str | None:
    """The acronym in brackets behind the name."""
    short = acronymed(name, rng)
    return f"{name} ({short})" if short else None


def respaced(name: str, rng: random.Random) -> str | None:
    """The first two words joined, or a long first word parted."""
    words = name.split()
    return " ".join((words[0] + words[1].lower(), *words[2:])) if len(words) > 2 and len(words[0]) > 2 else None


def articled(name: str, rng: random.Random) -> str | None:
    """With or without "The", "of" and quotation marks."""
    return name[4:] if name.lower().startswith("the ") else rng.choice((f"The {name}", f"“{name}”"))


SAME_COMPANY: dict[str, Change] = {
    "legal form left out": unformed, "abbreviation": abbreviated, "word order": reordered, "acronym": acronymed, "acronym added": acronym_added, "spacing": respaced, "article": articled,
    "typing error": mistyped, "two typing errors": mistyped_twice, "accents": accented, "respelt": respelt,
}  # fmt: skip
