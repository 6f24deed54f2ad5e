"""The consolidated list of Canada's autonomous sanctions."""
