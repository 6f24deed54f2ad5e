"""The settings of one workspace: file, environment and options in one frozen object, each value with its origin."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from vedette.base import Place, VedetteError

_PREFIX = "VEDETTE_"
HOMES = ("us", "eu", "uk", "kr", "other")


class SettingsError(VedetteError):
    """A setting is unknown or has an impossible value."""


class Settings(BaseSettings):
    """What a workspace may set in ``vedette.toml`` or by ``VEDETTE_<NAME>`` in the environment (which wins)."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="forbid")

    home: Literal["us", "eu", "uk", "kr", "other"] = Field(
        "us", description="Home jurisdiction: selects the duties that apply."
    )
    state_url: str | None = Field(
        None, description="URL of the state database; the embedded SQLite file where it is not set."
    )
    engine: Literal["duckdb", "spark"] = Field("duckdb", description="Engine that runs rules over the whole lake.")
    spark_master: str = Field("local[*]", description="Spark master URL, where the engine is spark.")
    memory: str = Field("1200MB", pattern=r"^\d+(MB|GB)$", description="Memory that the engine may use.")
    threads: int = Field(2, ge=1, le=64, description="Threads that the engine may use.")
    max_refused: float = Field(
        0.01, ge=0.0, le=1.0, description="Share of refused rows in a file above which a run ends with exit 1."
    )
    s3_endpoint: str | None = Field(
        None,
        pattern=r"^https?://[^/@\s]+/?$",
        description="URL of the store that s3:// addresses lie in (MinIO, Ceph); Amazon's where it is not set.",
    )
    anchor: str | None = Field(
        None, description="File or folder outside the workspace where signed checkpoints of the log are kept."
    )
    rule_seconds: int = Field(300, ge=1, description="Seconds that one detection rule may take.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, whose values arrive as arguments."""
        return env_settings, init_settings


def read(root: Path) -> Settings:
    """The settings of a workspace. Raises SettingsError naming file and key."""
    file = root / "vedette.toml"
    try:
        return Settings(**_file_values(file))
    except ValidationError as fault:
        first = fault.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        known = ", ".join(Settings.model_fields)
        raise SettingsError(first["msg"], place=Place(str(file), None, key), remedy=f"Settings are: {known}") from None


def _file_values(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsError(f"cannot be read: {fault}", place=Place(str(file))) from None


def origins(root: Path) -> list[dict[str, Any]]:
    """Each setting's value and where it comes from: environment, file or default."""
    settings = read(root)
    in_file = _file_values(root / "vedette.toml")
    rows = []
    for name, field in Settings.model_fields.items():
        origin = "default"
        if name in in_file:
            origin = "vedette.toml"
        if f"{_PREFIX}{name.upper()}" in os.environ:
            origin = f"environment {_PREFIX}{name.upper()}"
        value = getattr(settings, name)
        shown = _without_password(value) if name == "state_url" and value else value
        rows.append({"setting": name, "value": shown, "origin": origin, "meaning": field.description})
    return rows


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    if not at:
        return url
    scheme, slashes, login = head.partition("://")
    return f"{scheme}{slashes}{login.split(':')[0]}:***@{tail}"


def initial_text(home: str) -> str:
    """The first ``vedette.toml`` of a workspace, with every setting explained."""
    lines = ["# Settings of this Vedette workspace. Each can also be set as VEDETTE_<NAME> in the environment.", ""]
    for name, field in Settings.model_fields.items():
        lines.append(f"# {field.description}")
        value = home if name == "home" else field.default
        rendered = f'"{value}"' if isinstance(value, str) else value
        lines.append(f"{name} = {rendered}" if name == "home" else f"# {name} = {'' if value is None else rendered}")
    return "\n".join(lines) + "\n"
