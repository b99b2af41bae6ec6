"""Reporting: notebooks run, and their cells made into pages that stand alone."""
