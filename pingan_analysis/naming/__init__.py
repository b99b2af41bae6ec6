"""How names of models are read, a file a step.

words (the tables), marks, shapes (how a name is built), mentions (where names stand in a paragraph), article (the
paragraphs as one text), names (each name with all its mentions), lists and things (what a list of members is), parts
(members told numeral by numeral), members, kinds, rows (of the table `models`), passages (the sentences that describe a
model), lookup.

Column `rule` of the table `models` says by which shape a name was read: digits, plus, pairs, counted, noun_verb, noun
(shapes.py has an example of each); day (“6·26”国际禁毒日); enumeration (公安、物业、居民三方); slogan (a phrase in
quotation marks that its sentence calls one); listed (a name of lexicon/model_kinds.tsv that is built in no shape).
"""
