"""Reads reports, splits them by section, and keeps their chunks searchable.

The path is ``reading`` (file -> :class:`~index.types.Report`), ``sections``, ``chunks``, ``embedding``, and the
two stores behind :class:`index.library.Library`. Nothing here knows about questions or language models.
"""
