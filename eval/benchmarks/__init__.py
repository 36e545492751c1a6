"""Speed and memory, measured outside the tests: ``python -m eval.benchmarks.ingest`` and ``.latency``."""
