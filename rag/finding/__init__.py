"""From a question to evidence: chunks found, put into order, cut to what the model is shown."""
