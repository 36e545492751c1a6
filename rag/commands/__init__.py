"""The commands of ``report-qa``, which :mod:`rag.cli` puts together."""
