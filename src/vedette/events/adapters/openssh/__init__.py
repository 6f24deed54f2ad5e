"""OpenSSH: what the server writes to the system log or the journal."""
