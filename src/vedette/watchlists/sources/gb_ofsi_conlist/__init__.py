"""The former consolidated list of the Office of Financial Sanctions Implementation."""
