"""How articles become the tables of a study, whatever their number.

`plan` says what there is to read and what is finished; `batches` reads some articles, in any process, into the rows of
their own (a part); `workers` are who does it; `parts` keeps what is finished on disk; `linking` compares the articles
with one another; `assembly` puts the tables of the study together.
"""
