"""Who is listed, by whom, since when, with what obligation."""
