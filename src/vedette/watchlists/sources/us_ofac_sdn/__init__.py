"""The Specially Designated Nationals list of OFAC."""
