"""Sealed data opens only for its subject and key; tokens compare and cannot be read."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.store import Vault, VaultError, load_key

PLAIN = st.dictionaries(st.text(), st.one_of(st.none(), st.booleans(), st.integers(), st.text()), max_size=5)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    return Vault(tmp_path_factory.mktemp("keys"))


class TestSeal:
    @given(subject=st.text(), plain=PLAIN)
    def test_there_and_back(self, vault: Vault, subject: str, plain: dict[str, object]) -> None:
        assert vault.open(subject, vault.seal(subject, plain)) == plain  # type: ignore[arg-type]  # any JSON will do

    @given(st.integers(0, 10**6), st.integers(1, 255))
    def test_any_changed_byte_is_refused(self, vault: Vault, place: int, flip: int) -> None:
        sealed = bytearray(vault.seal("a-1", {"name": "Ms Example"}))
        sealed[place % len(sealed)] ^= flip

        with pytest.raises(VaultError):
            vault.open("a-1", bytes(sealed))

    @given(st.integers(0, 120))
    def test_any_shortened_blob_is_refused(self, vault: Vault, length: int) -> None:
        sealed = vault.seal("a-1", {"name": "Ms Example"})

        with pytest.raises(VaultError):
            vault.open("a-1", sealed[: min(length, len(sealed) - 1)])

    def test_another_subject_is_refused(self, vault: Vault) -> None:
        sealed = vault.seal("a-1", {"name": "Ms Example"})

        with pytest.raises(VaultError, match="cannot be opened"):
            vault.open("a-2", sealed)

    def test_nothing_shows_through_and_nothing_repeats(self, vault: Vault) -> None:
        first, second = (vault.seal("a-1", {"name": "Ms Example"}) for _ in range(2))

        assert b"Example" not in first
        assert first != second

    def test_another_master_key_is_refused(self, vault: Vault, tmp_path: Path) -> None:
        sealed = vault.seal("a-1", {"name": "x"})

        with pytest.raises(VaultError):
            Vault(tmp_path).open("a-1", sealed)


class TestToken:
    @given(st.text(), st.text())
    def test_equal_for_equal_texts_only(self, vault: Vault, left: str, right: str) -> None:
        assert (vault.token("email", left) == vault.token("email", right)) is (left == right)

    def test_kinds_do_not_meet(self, vault: Vault) -> None:
        assert vault.token("email", "x") != vault.token("phone", "x")

    def test_workspaces_do_not_meet(self, vault: Vault, tmp_path: Path) -> None:
        assert vault.token("email", "x") != Vault(tmp_path).token("email", "x")

    def test_survives_a_restart(self, tmp_path: Path) -> None:
        assert Vault(tmp_path).token("email", "x") == Vault(tmp_path).token("email", "x")

    @given(st.lists(st.text(), max_size=5))
    def test_many_are_each(self, vault: Vault, texts: list[str]) -> None:
        assert vault.tokens("email", texts) == [vault.token("email", text) for text in texts]

    @given(st.text())
    def test_the_form(self, vault: Vault, text: str) -> None:
        token = vault.token("email", text)

        assert len(token) == 32
        assert token.isascii()
        assert token == token.lower()


class TestLoadKey:
    def test_made_once_for_the_owner_only(self, tmp_path: Path) -> None:
        path = tmp_path / "x.key"

        first = load_key(path)

        assert load_key(path) == first
        assert len(first) == 32
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    @pytest.mark.parametrize("data", [b"", b"short", b"x" * 33])
    def test_a_damaged_key_is_said_and_never_replaced(self, tmp_path: Path, data: bytes) -> None:
        path = tmp_path / "x.key"
        path.write_bytes(data)

        with pytest.raises(VaultError, match="not a key"):
            load_key(path)
        assert path.read_bytes() == data

    def test_two_at_once_get_the_same_key(self, tmp_path: Path) -> None:
        from concurrent.futures import ThreadPoolExecutor

        for number in range(20):
            with ThreadPoolExecutor(8) as pool:
                found = set(pool.map(load_key, [tmp_path / f"{number}.key"] * 8))
            assert len(found) == 1, "a key that another has already used must not be replaced"


class TestShredded:
    def test_every_text_goes_and_the_shape_stays(self, vault: Vault) -> None:
        sealed = vault.seal("a", {"name": "Ann", "born": 1971, "parts": ["x", {"y": "z"}], "none": None})

        gone = vault.shredded("a", sealed, "-")

        assert vault.open("a", gone) == {"name": "-", "born": None, "parts": ["-", {"y": "-"}], "none": None}
        assert gone[:60] != sealed[:60], "another data key"

    def test_what_cannot_be_opened_becomes_nothing(self, vault: Vault) -> None:
        assert vault.open("a", vault.shredded("a", b"garbage", "-")) == {}
