"""The steps of reading campaign metrics out of a paragraph: tokens, screening, indicator, category, period."""
