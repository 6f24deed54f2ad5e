"""Settings: file, environment, origin, and mistakes named."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from vedette.app.settings import SettingsError, initial_text, origins, read


class TestRead:
    def test_defaults_hold_without_a_file(self, tmp_path: Path) -> None:
        assert read(tmp_path).home == "us"

    def test_the_environment_wins_over_the_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "vedette.toml").write_text('home = "eu"\nthreads = 1\n')
        monkeypatch.setenv("VEDETTE_THREADS", "3")
        settings = read(tmp_path)
        assert (settings.home, settings.threads) == ("eu", 3)

    @pytest.mark.parametrize("text", ['home = "mars"', "hoem = 1", "threads = 0", "not toml", 'memory = "much"'])
    def test_a_mistake_is_refused_with_the_file(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "vedette.toml").write_text(text)
        with pytest.raises(SettingsError, match=r"vedette\.toml"):
            read(tmp_path)

    def test_the_first_file_can_be_read_back(self, tmp_path: Path) -> None:
        (tmp_path / "vedette.toml").write_text(initial_text("kr"))
        assert tomllib.loads(initial_text("kr")) == {"home": "kr"}
        assert read(tmp_path).home == "kr"


class TestOrigins:
    def test_every_value_says_where_it_comes_from(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "vedette.toml").write_text('home = "eu"\n')
        monkeypatch.setenv("VEDETTE_THREADS", "3")
        rows = {row["setting"]: row["origin"] for row in origins(tmp_path)}
        assert rows["home"] == "vedette.toml"
        assert rows["threads"] == "environment VEDETTE_THREADS"
        assert rows["memory"] == "default"

    def test_a_password_is_never_shown(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VEDETTE_STATE_URL", "postgresql+psycopg://me:hunter2@db/v")
        (row,) = [row for row in origins(tmp_path) if row["setting"] == "state_url"]
        assert "hunter2" not in str(row)
        assert row["value"] == "postgresql+psycopg://me:***@db/v"


class TestTheStoreOfObjects:
    @pytest.mark.parametrize("url", ["https://minio.example:9000", "http://127.0.0.1:9000/"])
    def test_its_address_is_a_plain_url(self, tmp_path: Path, url: str) -> None:
        (tmp_path / "vedette.toml").write_text(f's3_endpoint = "{url}"\n', encoding="utf-8")
        assert read(tmp_path).s3_endpoint == url

    @pytest.mark.parametrize("url", ["minio:9000", "ftp://x", "https://key:secret@minio", "https://minio/path"])
    def test_credentials_and_paths_have_no_place_in_it(self, tmp_path: Path, url: str) -> None:
        (tmp_path / "vedette.toml").write_text(f's3_endpoint = "{url}"\n', encoding="utf-8")
        with pytest.raises(SettingsError, match="s3_endpoint") as told:
            read(tmp_path)
        assert "secret" not in str(told.value)
