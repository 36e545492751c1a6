"""The program over HTTP: its own endpoints under ``/api``, OpenAI's chat protocol under ``/v1``, and who may use them.

:func:`attach` puts both into a FastAPI application; :mod:`rag.api.access` guards all of it, the chat page included.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from rag.engine import ReportQA


def attach(web: "FastAPI", qa: "ReportQA") -> None:
    """Add all endpoints over ``qa`` to ``web`` and guard all of ``web`` as the settings say.

    Call it before anything is mounted at the root. What it opens is closed with the process.
    """
    from rag.api.application import attach_to  # FastAPI takes half a second to import

    attach_to(web, qa)
