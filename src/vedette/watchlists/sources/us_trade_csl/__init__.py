"""The United States Consolidated Screening List."""
