"""The tamper-evident log: every write of state passes here and leaves a signed, provable trace.

Verified in place by ``verify``, elsewhere by the independent ``verifier.py`` on an export. Grows by new kinds of proof.
"""

from vedette.audit.checkpoint import Checkpoint, CheckpointError
from vedette.audit.export import NoSuchLeaf, export, proof, proofs
from vedette.audit.store import Act, writing
from vedette.audit.verify import Verification, verify

__all__ = [
    "Act",
    "Checkpoint",
    "CheckpointError",
    "NoSuchLeaf",
    "Verification",
    "export",
    "proof",
    "proofs",
    "verify",
    "writing",
]
