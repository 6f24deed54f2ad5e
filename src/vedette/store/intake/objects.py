"""Copies objects of an S3-compatible store (AWS, MinIO, Ceph) into a folder: listed page by page, bounded, names checked.

The extra ``s3`` is needed. Credentials are those of the environment or of the standard AWS files; nothing told holds them, nor
anything that the far side says.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from vedette.base import Place, VedetteError

SCHEME = "s3://"
LARGEST = 8 * 1024**3
_CHUNK = 4 * 1024 * 1024
_MOST_PAGES = 10_000
_LONGEST_PART = 200
_MOST_EXAMPLES = 3
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]")
#: Letters that a name in a folder may not have: control characters, what other systems reserve, and s3fs's mark of versions.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\*?"<>|]')
_TIMES = {"connect_timeout": 20, "read_timeout": 60, "retries": {"max_attempts": 4}}


class ObjectsRefused(VedetteError):
    """The store of objects cannot be read: the extra is absent, the address wrong, access refused, or there is too much."""


@dataclass(frozen=True, slots=True)
class Found:
    """One object: its key, its name below the prefix, its size in bytes, and the mark that changes with its content."""

    key: str
    name: PurePosixPath
    size: int
    etag: str


@dataclass(slots=True)
class Bucket:
    """The objects below one address, ``s3://BUCKET/PREFIX``. ``endpoint`` is the URL of a store other than Amazon's.

    Raises ObjectsRefused, here and from every method.
    """

    address: str
    endpoint: str | None = None
    largest: int = LARGEST
    passed_over: int = 0
    examples: list[str] = field(default_factory=list)
    _files: Any = None

    def __post_init__(self) -> None:
        bucket, _, prefix = self.address.removeprefix(SCHEME).partition("/")
        if not self.address.startswith(SCHEME) or not _BUCKET.fullmatch(bucket):
            raise ObjectsRefused("is no address of a bucket", place=self._place, remedy="Write s3://BUCKET/PREFIX")
        _check_endpoint(self.endpoint)
        self._files = _opened(self.endpoint)

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        return self.address.removeprefix(SCHEME).partition("/")[0]

    @property
    def prefix(self) -> str:
        """What every key below the address begins with: a whole folder, or one object's key."""
        return self.address.removeprefix(SCHEME).partition("/")[2]

    @property
    def _place(self) -> Place:
        return Place(self.address)

    def objects(self, wanted: Callable[[PurePosixPath], bool]) -> Iterator[Found]:
        """Every object that is wanted by its name; ``passed_over`` counts those left out, ``examples`` tell of some."""
        for entry in self._entries():
            key = str(entry.get("Key", ""))
            name, size = self._name(key), int(entry.get("Size", 0))
            if name is None or key.endswith("/"):
                continue
            if problem := unfit(name):
                self._pass(f"{key[:_LONGEST_PART]!r}: {problem}")
            elif size > self.largest:
                self._pass(f"{key}: {size:,} bytes are more than the {self.largest:,} that are read")
            elif not wanted(PurePosixPath(name)):
                self._pass(f"{key}: nothing reads files of this name")
            else:
                yield Found(key, PurePosixPath(name), size, str(entry.get("ETag", "")).strip('"'))

    def _pass(self, why: str) -> None:
        self.passed_over += 1
        if len(self.examples) < _MOST_EXAMPLES:
            self.examples.append(why)

    def _name(self, key: str) -> str | None:
        """The key below the prefix; None where the prefix is the beginning of another folder's name."""
        folder = self.prefix.rstrip("/")
        if not folder:
            return key
        if key == folder:
            return folder.rpartition("/")[2]
        return key[len(folder) + 1 :] if key.startswith(f"{folder}/") else None

    def _entries(self) -> Iterator[dict[str, Any]]:
        request: dict[str, Any] = {"Bucket": self.bucket, "Prefix": self.prefix}
        for _ in range(_MOST_PAGES):
            answer = self._asked(lambda: self._files.call_s3("list_objects_v2", **request))
            yield from answer.get("Contents", ())
            following = answer.get("NextContinuationToken")
            if not following or following == request.get("ContinuationToken"):
                return
            request["ContinuationToken"] = following
        raise ObjectsRefused(
            "lists more objects than are read at once", place=self._place, remedy="Name a narrower prefix"
        )

    def fetch(self, found: Found, folder: Path) -> Path:
        """Copy one object below a folder, never more bytes than were listed; an object that changed meanwhile is refused."""
        target = folder.joinpath(*found.name.parts)
        arriving = folder / ".arriving"
        try:
            self._asked(lambda: self._copy(found, arriving))
            if arriving.stat().st_size != found.size:
                raise self._changed(found)
            self._asked(lambda: _put(arriving, target))
        finally:
            arriving.unlink(missing_ok=True)
        return target

    def _copy(self, found: Found, target: Path) -> None:
        path = f"{self.bucket}/{found.key}"
        with target.open("wb") as file:
            if not found.size:
                return
            with self._files.open(path, "rb", block_size=_CHUNK, cache_type="readahead") as source:
                if source.size != found.size or str(source.details.get("ETag", "")).strip('"') != found.etag:
                    raise self._changed(found)
                while chunk := source.read(min(_CHUNK, found.size + 1 - file.tell())):
                    file.write(chunk)

    def _changed(self, found: Found) -> ObjectsRefused:
        place = Place(f"{SCHEME}{self.bucket}/{found.key}")
        return ObjectsRefused("changed while it was read", place=place, remedy="Run it again once it is whole")

    def _asked(self, ask: Callable[[], Any]) -> Any:
        """An answer of the far side; its errors by their kind only, since their text is the far side's."""
        faults = import_module("botocore.exceptions")
        try:
            return ask()
        except (OSError, ValueError, faults.BotoCoreError, faults.ClientError) as fault:
            raise ObjectsRefused(*_told(fault, faults), place=self._place, remedy=_remedy(fault, faults)) from None


def missing() -> str:
    """What is not installed, as one sentence; empty where objects can be read."""
    return "" if find_spec("s3fs") else "s3fs is not installed"


def _put(source: Path, target: Path) -> None:
    """Give a file its name, which no other may have: a name may be a folder's, too, in a store of objects."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        raise FileExistsError(errno.EEXIST, "there is a folder of this name")
    os.replace(source, target)


def unfit(name: str) -> str:
    """Why a name cannot be one below a folder; empty where it can."""
    parts = name.split("/")
    if not name or _FORBIDDEN.search(name):
        return "its name has letters that no file's name may have"
    if any(part in ("", ".", "..") for part in parts):
        return "its name would lead out of the folder"
    return "its name is too long" if any(len(part.encode()) > _LONGEST_PART for part in parts) else ""


def _check_endpoint(endpoint: str | None) -> None:
    if endpoint is None:
        return
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        remedy = "Write s3_endpoint as https://HOST[:PORT], credentials in the environment or the AWS files"
        raise ObjectsRefused("the setting s3_endpoint is no plain URL", remedy=remedy)


def _opened(endpoint: str | None) -> Any:
    if problem := missing():
        raise ObjectsRefused(f"objects cannot be read: {problem}", remedy="Install vedette[s3]")
    return import_module("s3fs").S3FileSystem(
        endpoint_url=endpoint,
        use_listings_cache=False,
        config_kwargs=_TIMES,
    )


def _told(fault: Exception, faults: Any) -> tuple[str]:
    """What went wrong, in our words."""
    if isinstance(fault, faults.NoCredentialsError | faults.PartialCredentialsError):
        return ("no credentials were found",)
    if isinstance(fault, PermissionError):
        return ("access was refused",)
    if isinstance(fault, FileNotFoundError):
        return ("there is no such bucket or object",)
    if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return ("the disk is full",)
    return (f"the store of objects could not be read ({type(fault).__name__})",)


def _remedy(fault: Exception, faults: Any) -> str:
    if isinstance(fault, faults.NoCredentialsError | faults.PartialCredentialsError):
        return "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
    if isinstance(fault, PermissionError):
        return "The credentials need s3:ListBucket and s3:GetObject there"
    return "Check the address, the setting s3_endpoint and the network"
