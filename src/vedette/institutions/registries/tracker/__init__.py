"""A table of institutions that a user supplies, such as a tracker of defence universities."""
