"""What the classroom handout is made of: the facts behind its tables and answers, and how it is set."""
