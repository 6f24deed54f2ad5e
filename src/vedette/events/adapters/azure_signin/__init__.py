"""Microsoft Entra ID: sign-in logs."""
