"""Figures of what is published: each a folder with its table, its picture, and the numbers expected of the sample."""
