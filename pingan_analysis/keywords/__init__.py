"""The parts of `keyness`.

- scores: the measures of one frequency against another
- pieces: a table `terms` as counts of words in pieces of text, each on one side; repeats: what is counted once
- units: what is permuted, and how; permutation: its p-values
- stability: how ranks change when a document is left out
- frequencies: the columns that count; design: what was compared and how, in words; table: the table that carries it
- names: of columns and measures, as they are often put
- splits: random targets, for the calibration; recipes: what is calibrated
"""
