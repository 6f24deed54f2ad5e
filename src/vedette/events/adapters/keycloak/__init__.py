"""Keycloak: events of users and of administrators."""
