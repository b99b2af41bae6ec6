"""How articles become the tables of a study: rows of a batch, facts linked over all of them, tables put together."""
