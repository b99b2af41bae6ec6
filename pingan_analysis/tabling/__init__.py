"""Tables as a paper prints them: their words, their cells as text, and the files that hold them."""
