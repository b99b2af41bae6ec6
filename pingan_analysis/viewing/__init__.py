"""Viewing: what a table that can be searched and sorted is made of."""
