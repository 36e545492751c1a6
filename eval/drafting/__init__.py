"""Question files drafted for a person's review: from a report by the language model, or from users' feedback."""
