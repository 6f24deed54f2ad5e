"""OpenReview's notes and profiles."""
