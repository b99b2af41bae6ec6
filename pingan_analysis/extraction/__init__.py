"""The steps of reading campaign metrics out of a paragraph, in the order in which `readings` takes them.

- passage: sentences of tokens, with their quantities and periods; clauses: the stretch between commas
- reporting_period: the period of each quantity; screening: which quantities are no metrics
- wording: what is measured, from phrases (the words around) and changes (words of change); translation: in English
- classes: kind, category and channel; standing: whether it adds up, whether it is a goal; places: where
- repeats: rows that state the same fact; tables: the words that all of them know
"""
