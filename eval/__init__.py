"""Measures how well reports are searched and questions answered: question files, runs, scores, benchmarks."""
