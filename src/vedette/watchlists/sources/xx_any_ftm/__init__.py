"""Any publisher's list as FollowTheMoney JSON lines."""
