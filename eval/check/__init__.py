"""Question files checked before they are asked: form, pages, quotes, facts, duplicates and leaks between sets."""

from eval.check.checking import Checked, check
from eval.check.problem import Problem, Severity

__all__ = ["Checked", "Problem", "Severity", "check"]
