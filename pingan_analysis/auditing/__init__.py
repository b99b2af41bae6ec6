"""Checks of metrics against each other, and what they read off one."""
