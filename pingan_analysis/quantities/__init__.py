"""The parts of `numerals`: values of numerals, the patterns built from the tables, and tokens put together."""
