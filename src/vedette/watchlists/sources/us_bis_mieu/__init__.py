"""BIS military-intelligence end users."""
