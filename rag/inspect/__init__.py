"""An :class:`~index.inspection.Inspection` for people and programs: text for a terminal, JSON, an HTML page."""
