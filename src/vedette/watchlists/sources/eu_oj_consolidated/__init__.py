"""European Union sanctions as the consolidated acts of the Official Journal print them."""
