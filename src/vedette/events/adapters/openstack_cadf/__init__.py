"""OpenStack: CADF events of Keystone and of the audit middleware."""
