"""Errors as a user sees them."""

import logging
from uuid import uuid4

from index.errors import QuestionError, ReportQAError
from rag.chat.words import word

log = logging.getLogger(__name__)


def failure(error: Exception, language: str) -> str:
    """The message for an error. What is no fault of the question goes to the log with its traceback and an id."""
    number = uuid4().hex[:8]
    if not isinstance(error, QuestionError):
        log.error("chat error %s", number, exc_info=error)
    return str(error) if isinstance(error, ReportQAError) else word("broken", language, number)
