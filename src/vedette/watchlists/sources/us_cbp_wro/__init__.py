"""CBP Withhold Release Orders and Findings."""
