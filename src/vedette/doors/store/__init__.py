"""What the doors keep in the state database: keys for programs, people, invitations and sessions."""

from vedette.doors.store.keys import API_KEY, KeptKey, find_key, keys, make_key, note_use, revoke_key

__all__ = ["API_KEY", "KeptKey", "find_key", "keys", "make_key", "note_use", "revoke_key"]
