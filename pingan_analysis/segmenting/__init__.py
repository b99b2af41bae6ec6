"""Segmenting text: the engine, and the rules that move the boundaries between its words."""
