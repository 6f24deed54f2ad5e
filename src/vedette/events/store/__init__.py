"""The room's state and its rows in the lake: reference lists in force, files read, and the ingest of tables and logs."""
