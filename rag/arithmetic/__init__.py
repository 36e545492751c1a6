"""Arithmetic over cited figures: shares, changes, sums and ratios reckoned by the program, the formula shown."""
