"""The keys under which a name is indexed: two spellings of one name share at least one key."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from vedette.names.compare import analyse
from vedette.names.crossing.channel import likeliest
from vedette.names.crossing.signs import SCRIPTS
from vedette.names.folding import fold
from vedette.names.glossary import generic
from vedette.names.han.mandarin import pinyin_of
from vedette.names.korean.model import Distribution, syllable_model
from vedette.names.korean.reading import Reading
from vedette.names.model import Analysed, Kind, Words
from vedette.names.sounds import consonants, sound
from vedette.names.words import PARTICLES, parts

_MOST_PER_READING = 8
_LEAST_SHARE = 0.08


@lru_cache(maxsize=16_384)
def keys(text: str, kind: Kind = "unknown") -> tuple[str, ...]:
    """Folded keys of a name, deterministic and without repeats: the written form, the order-free form, then marked keys.

    ``ko`` Korean syllables as Hangul behind each plausible reading, ``zh`` pinyin, ``so`` sounds, ``co`` consonants (sorted, and run together),
    ``han`` characters, ``own`` an organisation's own words, ``ac`` its acronym.

    >>> set(keys("김정은", "person")) & set(keys("Kim Jong Un", "person"))
    {'ko 김정은'}
    """
    name = analyse(text, kind)
    found = [fold(text), " ".join(parts(text))]
    if kind != "organization":
        found += _person(name)
    if name.words:
        found += _organization(name.words)
    return tuple(dict.fromkeys(key for key in found if key.strip()))


def _person(name: Analysed) -> list[str]:
    tokens = _latin(name)
    found = [key for reading in name.korean[:2] for key in _korean(reading)]
    found += [f"zh {' '.join(way)}" for way in dict.fromkeys(map(pinyin_of, name.mandarin[:3]))]
    found += [f"han {name.han}"] if name.han else []
    if tokens:
        bare = [consonants(token) for token in tokens]
        found.append("so " + " ".join(sorted(map(sound, tokens))))
        found += [f"co {key}" for key in (" ".join(sorted(filter(None, bare))), "".join(bare)) if len(key) >= 2]
    return found


def _latin(name: Analysed) -> list[str]:
    """The words of a name in Latin letters: as folded, or as the channel of its script spells them most often."""
    words = name.tokens
    if name.script in SCRIPTS:
        words = tuple(likeliest(word, name.script) for word in name.form.split())
    return [word for word in words if word and word not in PARTICLES]


def _korean(reading: Reading) -> list[str]:
    model = syllable_model()
    choices = [_likely(model.family(reading.family)), *(_likely(model.given(sign)) for sign in reading.given)]
    if not all(choices):
        return []  # a character without a Korean reading
    ranked = []
    for way in product(*choices):
        chance = 1.0
        for _, share in way:
            chance *= share
        ranked.append((-chance, "ko " + "".join(char for char, _ in way)))
    return [key for _, key in sorted(ranked)[:_MOST_PER_READING]]


def _likely(found: Distribution) -> list[tuple[str, float]]:
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [*ranked[:1], *(item for item in ranked[1:4] if item[1] >= _LEAST_SHARE)]


def _organization(words: Words) -> list[str]:
    own = sorted(word for word in words.content if word not in generic())
    found = ["or " + " ".join(sorted(words.content))]
    found += ["own " + " ".join(own), "so " + " ".join(sorted(map(sound, own)))] if own else []
    found += [f"ac {initials}" for initials in words.initials if 3 <= len(initials) <= 8]
    if len(words.content) == 1 and 3 <= len(words.content[0]) <= 8:
        found.append(f"ac {words.content[0]}")
    return found
