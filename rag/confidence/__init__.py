"""Whether the evidence holds the answer: how sure that is, what a refusal says, false premises."""
