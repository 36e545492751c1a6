"""What the model wrote, held against the evidence: marks, names, measures and figures."""
