"""Canada's named research organisations."""
