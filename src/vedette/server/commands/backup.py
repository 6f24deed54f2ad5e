"""Terminal: back a workspace up into one file, and restore it elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette import doors

_PASSPHRASE = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", help="File whose first line seals the keys; without it the backup holds no keys."
    ),
]


def backup(
    context: typer.Context,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write, such as ws.vedette-backup.")],
    passphrase_file: _PASSPHRASE = None,
    json: doors.JSON = False,
) -> None:
    """Write the whole workspace into one file while the service goes on: state, committed lake, lists, archive.

    Keys are left out unless a passphrase seals them; keep them elsewhere then, for without them nothing sealed can be read.

    Example: vedette -w ws backup -o ws.vedette-backup --passphrase-file secret.txt
    """
    from vedette.audit import writing
    from vedette.base import iso
    from vedette.store.backup import back_up

    session = doors.session(context, json=json)
    made_at = iso(session.clock.now())
    manifest = back_up(session.store, output, passphrase=_read(passphrase_file), made_at=made_at)
    with writing(session.store, session.principal, "server.backup", clock=session.clock) as act:
        act.fact("files", len(manifest.files))
        act.fact("keys", manifest.keys)
    row = {"file": str(output), "files": len(manifest.files), "bytes": manifest.size, "keys": manifest.keys}
    doors.emit(session, [row], columns=list(row))
    if not manifest.keys:
        doors.warn("This backup holds no keys: copy the workspace's folder keys/ to another safe place.")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup.")],
    to: Annotated[Path, typer.Option("--to", help="A new folder.")],
    passphrase_file: _PASSPHRASE = None,
    state_url: Annotated[str | None, typer.Option(help="An empty PostgreSQL database for a backup of one.")] = None,
    keys: Annotated[Path | None, typer.Option(help="Folder of keys, for a backup without them.")] = None,
    json: doors.JSON = False,
) -> None:
    """Restore a backup into a new folder, compare every file's hash, and verify the audit log there.

    Example: vedette restore ws.vedette-backup --to ws2 --passphrase-file secret.txt
    """
    import os
    import shutil

    from vedette.audit import verify
    from vedette.base import VedetteError
    from vedette.store.backup import restore as bring_back

    session = doors.session(context, json=json)
    manifest = bring_back(file, to, passphrase=_read(passphrase_file), state_url=state_url)
    if state_url is not None:
        os.environ["VEDETTE_STATE_URL"] = state_url  # the settings that were backed up name the database of then
        doors.warn("Set state_url in the new folder's vedette.toml before using it.")
    if keys is not None:
        shutil.copytree(keys, to / "keys", dirs_exist_ok=True)
    if not any((to / "keys").iterdir()):
        raise VedetteError(
            "the files are restored, but no keys", remedy="Give --passphrase-file or --keys in a new folder"
        )
    store = session.opener(to)
    try:
        found = verify(store)
    finally:
        store.close()
    row = {"folder": str(to), "made_at": manifest.made_at, "files": len(manifest.files), "leaves": found.leaves}
    doors.emit(session, [{**row, "audit_holds": found.holds}], columns=[*row, "audit_holds"])
    if not found.holds:
        raise typer.Exit(1)


def _read(file: Path | None) -> str | None:
    return None if file is None else file.read_text("utf-8").partition("\n")[0].rstrip("\r")
