"""Questions about a report as a whole, answered from its section tree."""
