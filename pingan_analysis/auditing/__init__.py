"""Checks of figures against each other, and what they read off a figure."""
