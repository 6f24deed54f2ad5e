"""Any list in the JSON form of Senzing."""
