"""STIX patterns: written for our kinds of indicator, read back exactly, and any other pattern read within bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vedette.sharing.model import Kind
from vedette.sharing.values import Unfit, clean, value

LONGEST, DEEPEST, MOST_TOKENS = 2_000, 8, 200
_HASHES = {32: "MD5", 40: "SHA-1", 64: "SHA-256", 128: "SHA-512"}
_AGENT = "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'"
_PATHS: Mapping[Kind, str] = {
    Kind.DOMAIN: "domain-name:value",
    Kind.URL: "url:value",
    Kind.USER_AGENT: _AGENT,
    Kind.TOOL: "software:name",
    Kind.DEVICE_MODEL: "x-itt-device:model",
}
_KIND_OF = {path: kind for kind, path in _PATHS.items()}
#: What names a person or a customer's account: no indicator of the open tier may ask for it.
_PERSONAL = ("email-addr", "email-message", "user-account", "x-personal", "identity", "mac-addr", "x509-certificate")
_ONE = re.compile(r"\[\s*([^\s=]+)\s*(=|ISSUBSET)\s*'((?:[^'\\]|\\['\\])*)'\s*\]")
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^'\\]|\\['\\])*') | (?P<time>t'[0-9TZ:.\-]+') | (?P<binary>[hb]'[0-9A-Za-z+/=]*')
    | (?P<word>AND|OR|NOT|FOLLOWEDBY|LIKE|MATCHES|ISSUPERSET|ISSUBSET|EXISTS|IN|START|STOP|WITHIN|SECONDS|REPEATS|TIMES)(?![\w:.\-])
    | (?P<flag>true|false)(?![\w:.\-])
    | (?P<path>[A-Za-z][\w\-]*:[\w\-]+(?:\.(?:[\w\-]+|'(?:[^'\\]|\\['\\])*')|\[(?:\d+|\*)\])*)
    | (?P<number>[+-]?\d+(?:\.\d+)?) | (?P<sign><=|>=|!=|<>|=|<|>) | (?P<mark>[\[\](),])
    )""",
    re.VERBOSE,
)


def written(kind: Kind, text: str) -> str:
    """The pattern that asks for a value of a kind."""
    if kind is Kind.PATTERN:
        return text
    quoted = text.replace("\\", "\\\\").replace("'", "\\'")
    if kind is Kind.ADDRESS:
        return f"[{_family(text)}:value = '{quoted}']"
    if kind is Kind.RANGE:
        return f"[{_family(text)}:value ISSUBSET '{quoted}']"
    if kind is Kind.FILE_HASH:
        return f"[file:hashes.'{_HASHES[len(text)]}' = '{quoted}']"
    return f"[{_PATHS[kind]} = '{quoted}']"


def fit(kind: Kind, text: object) -> str:
    """A value of a kind in its one spelling; a pattern is read whole. Raises Unfit."""
    if kind is not Kind.PATTERN:
        return value(kind, text)
    found = clean(text, LONGEST, needed=True).strip()
    require_sound(found)
    return found


def _family(text: str) -> str:
    return "ipv6-addr" if ":" in text else "ipv4-addr"


def read(pattern: object) -> tuple[Kind, str]:
    """Kind and value of a pattern; one that asks for more than one thing is kept whole as ``pattern``. Raises Unfit."""
    text = clean(pattern, LONGEST, needed=True).strip()
    found = _ONE.fullmatch(text)
    if found is not None:
        path, sign, quoted = found.groups()
        _refuse_personal(path)
        kind = _kind_of(path, sign, quoted)
        if kind is not None:
            return kind, value(kind, re.sub(r"\\(['\\])", r"\1", quoted))
    require_sound(text)
    return Kind.PATTERN, text


def _kind_of(path: str, sign: str, quoted: str) -> Kind | None:
    if path in ("ipv4-addr:value", "ipv6-addr:value"):
        return Kind.RANGE if sign == "ISSUBSET" or "/" in quoted else Kind.ADDRESS
    if sign != "=":
        return None
    if path.startswith("file:hashes."):
        return Kind.FILE_HASH
    return _KIND_OF.get(path)


def _refuse_personal(path: str) -> None:
    if path.partition(":")[0] in _PERSONAL:
        raise Unfit("the pattern asks for personal data (a mail address, an account or a person)")


def require_sound(text: str) -> None:
    """Refuse what is no STIX pattern, asks for personal data, or is too large. Raises Unfit."""
    tokens = _tokens(text)
    _Grammar(tokens).all()
    for name, word in tokens:
        if name == "path":
            _refuse_personal(word)


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise Unfit("this is no STIX pattern")
        found.append((match.lastgroup, match.group(match.lastgroup)))
        place = match.end()
        if len(found) > MOST_TOKENS:
            raise Unfit("the pattern is too long")
    return found


class _Grammar:
    """Recursive descent over the tokens, of bounded depth."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    def all(self) -> None:
        """The whole pattern and nothing behind it."""
        self._observations(0)
        if self._at != len(self._tokens):
            raise Unfit("this is no STIX pattern")

    def _next(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _took(self, *words: str) -> bool:
        if self._next()[1] in words and self._next()[0] != "text":
            self._at += 1
            return True
        return False

    def _need(self, *words: str) -> None:
        if not self._took(*words):
            raise Unfit("this is no STIX pattern")

    def _take(self, *names: str) -> None:
        if self._next()[0] not in names:
            raise Unfit("this is no STIX pattern")
        self._at += 1

    def _observations(self, depth: int) -> None:
        self._observation(depth)
        while self._took("AND", "OR", "FOLLOWEDBY"):
            self._observation(depth)

    def _observation(self, depth: int) -> None:
        if depth > DEEPEST:
            raise Unfit("the pattern is nested too deep")
        if self._took("("):
            self._observations(depth + 1)
            self._need(")")
        else:
            self._need("[")
            self._comparisons(depth + 1)
            self._need("]")
        self._qualifiers()

    def _qualifiers(self) -> None:
        while self._next()[1] in ("WITHIN", "REPEATS", "START"):
            if self._took("WITHIN"):
                self._take("number")
                self._need("SECONDS")
            elif self._took("REPEATS"):
                self._take("number")
                self._need("TIMES")
            else:
                self._need("START")
                self._take("time")
                self._need("STOP")
                self._take("time")

    def _comparisons(self, depth: int) -> None:
        self._comparison(depth)
        while self._took("AND", "OR"):
            self._comparison(depth)

    def _comparison(self, depth: int) -> None:
        if depth > DEEPEST:
            raise Unfit("the pattern is nested too deep")
        if self._took("("):
            self._comparisons(depth + 1)
            self._need(")")
        elif self._took("EXISTS"):
            self._take("path")
        else:
            self._test()

    def _test(self) -> None:
        self._take("path")
        self._took("NOT")
        if self._took("IN"):
            self._need("(")
            self._literal()
            while self._took(","):
                self._literal()
            self._need(")")
        elif self._took("LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET"):
            self._take("text")
        else:
            self._take("sign")
            self._literal()

    def _literal(self) -> None:
        self._take("text", "number", "flag", "time", "binary")
