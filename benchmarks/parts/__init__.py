"""The parts of `run.py`: a function that measures and yields records; `section` and `aims` put them in words."""
