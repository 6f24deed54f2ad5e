"""Summaries of jobs as Jobstats keeps them."""
