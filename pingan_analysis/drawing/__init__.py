"""Drawing figures: font, house style, the parts of plots, and files whose bytes do not change."""
