"""Slack: the same answers where the team already talks."""
