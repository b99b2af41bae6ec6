"""The choices that an analyst of keywords makes, and what each of them does to the counts."""
