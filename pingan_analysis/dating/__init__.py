"""How Chinese texts name times: the words, the patterns that they make, and the days that they stand for."""
