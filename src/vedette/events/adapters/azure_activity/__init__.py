"""Azure activity and sign-in logs."""
