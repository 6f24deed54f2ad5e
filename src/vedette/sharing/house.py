"""Who this house is to others: its signing key, the id made from it, and the name it gives itself."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vedette.base import Clock
from vedette.sharing.formats.stix21.words import made_id
from vedette.sharing.model import Writer, stamp
from vedette.store import Store, load_key


@dataclass(frozen=True, slots=True)
class House:
    """This house: id (a STIX identity), name, signing seed and public key in hexadecimal."""

    id: str
    name: str
    seed: bytes
    public: str

    def writer(self, clock: Clock, proofs: tuple[str, ...] = ()) -> Writer:
        """It, as the writer of a file now."""
        return Writer(id=self.id, name=self.name, moment=stamp(clock.now()), seed=self.seed, proofs=proofs)


def house(store: Store, name: str = "") -> House:
    """The house of a workspace. Without a name it is known by the beginning of its key alone."""
    seed = load_key(store.workspace.keys / "sharing.key")
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()
    return House(made_id("identity", public), name.strip() or f"House {public[:8]}", seed, public)
