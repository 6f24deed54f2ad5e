"""The only SQL of this room: sealed fields and the lake (``held``), what verification asks (``facts``), its record (``verified``)."""

from vedette.accounts.store.held import (
    LAKE_TABLES,
    OWNER_SECRET,
    SECRET,
    all_accounts,
    all_owners,
    count,
    current_hashes,
    feeds,
    get,
    hold,
    identities,
    keep_other_name_parts,
    last_received,
    make_holding,
    name_part_files,
    note_feeds,
    owner_parties,
    owners_of,
    parties,
    payer_countries,
    purge_refused,
    reading_tables,
    refused_extras,
    reveal,
    seal_accounts,
    seal_owners,
    stage,
    typed_rows,
)

__all__ = [
    "LAKE_TABLES",
    "OWNER_SECRET",
    "SECRET",
    "all_accounts",
    "all_owners",
    "count",
    "current_hashes",
    "feeds",
    "get",
]
__all__ += [
    "hold",
    "identities",
    "keep_other_name_parts",
    "last_received",
    "make_holding",
    "name_part_files",
    "note_feeds",
]
__all__ += [
    "owner_parties",
    "owners_of",
    "parties",
    "payer_countries",
    "purge_refused",
    "reading_tables",
    "refused_extras",
]
__all__ += ["reveal", "seal_accounts", "seal_owners", "stage", "typed_rows"]
