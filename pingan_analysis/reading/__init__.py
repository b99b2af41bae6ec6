"""Reading articles: one room a question, from the files of a folder to the words that are the article's own."""
