"""The steps of finding wording that documents share, in the order in which `runs` takes them.

- characters: what is compared of each text, and where it stands; grams: where shared wording can begin
- suffixes: the text from there on, sorted; intervals: the tree of their common beginnings
- runs: which of these beginnings are maximal, and where they stand
"""
