"""The language model: a local llama.cpp server in this process, an OpenAI-compatible endpoint, or none.

All are spoken to through llama-index's ``OpenAILike``. The local server listens on loopback with a random key.
"""

import logging
import os
import secrets
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import models
from index.errors import LLMError
from rag.settings import Settings, shown

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

log = logging.getLogger(__name__)
SLOTS = 3  # conversations whose reading the local server keeps: one a system prompt, or each would be read anew


class LanguageModel:
    """One model that writes text. Opening it loads nothing; :meth:`start` or the first :meth:`stream` does."""

    def __init__(self, name: str, settings: Settings, gguf: Path | None = None) -> None:
        self.name = name
        self.remote_host = settings.remote_host
        self._settings, self._gguf = settings, gguf
        self._lock = threading.Lock()
        self._server: Any = None
        self._client: Any = None

    def start(self) -> None:
        """Load the model if it is local, and make the client. Raises LLMError when that fails."""
        with self._lock:
            if self._client is None:
                base_url, key = self._settings.llm_base_url, self._settings.llm_api_key.get_secret_value()
                if self._gguf is not None:
                    base_url, key = self._serve(self._gguf)
                self._client = self._connect(base_url, key or "none")

    def _serve(self, gguf: Path) -> tuple[str, str]:
        """Start llama.cpp's server in this process; its base URL and key."""
        import xllamacpp

        key = secrets.token_urlsafe(24)
        threads = self._settings.threads or os.cpu_count() or 2
        params = xllamacpp.CommonParams()
        params.model.path = str(gguf)
        params.n_ctx = SLOTS * self._settings.llm_context
        params.n_parallel = SLOTS
        params.cpuparams.n_threads = threads
        params.cpuparams_batch.n_threads = threads
        params.api_keys = [key]
        params.ui = False
        params.verbosity = 0
        try:
            self._server = xllamacpp.Server(params)
        except Exception as error:
            raise LLMError(
                f"The language model {gguf} cannot be loaded: {error}.",
                "Run `report-qa models verify`; a machine short of memory can set llm to small.",
            ) from error
        return f"{self._server.listening_address}/v1", key

    def _connect(self, base_url: str, key: str) -> Any:
        import httpx
        from llama_index.llms.openai_like import OpenAILike

        # What stays on this machine must not go through a proxy that the environment names.
        direct = None if self.remote_host else httpx.Client(trust_env=False)
        return OpenAILike(  # type: ignore[call-arg]
            api_base=base_url,
            api_key=key,
            model=self.name,
            is_chat_model=True,
            context_window=self._settings.llm_context,
            max_tokens=self._settings.llm_max_tokens,
            temperature=0.0,
            timeout=self._settings.llm_timeout,
            max_retries=0,
            http_client=direct,  # its __init__ has it, its fields do not
        )

    def stream(self, messages: Sequence["ChatMessage"], **options: Any) -> Generator[str, None, None]:
        """The answer to ``messages`` piece by piece.

        Raises LLMError when the server fails, does not answer, breaks off, or writes nothing.
        """
        import httpx
        import openai

        self.start()
        wrote = False
        try:
            for piece in self._client.stream_chat(list(messages), **options):
                if piece.delta:
                    wrote = True
                    yield piece.delta
        except (openai.APITimeoutError, httpx.TimeoutException) as error:
            raise LLMError(
                f"The language model at {self._where} did not answer within {self._settings.llm_timeout:g} s.",
                "Raise llm_timeout, or check the server.",
            ) from error
        except (openai.APIConnectionError, httpx.HTTPError) as error:
            what = "broke off its answer" if wrote else "cannot be reached"
            raise LLMError(
                f"The language model at {self._where} {what}.",
                "Start the server or mend llm_base_url; llm=none answers with the evidence alone.",
            ) from error
        except (openai.OpenAIError, ValueError) as error:  # ValueError: a body that is not the JSON it should be
            raise LLMError(
                f"The language model at {self._where} refused: {self._without_key(str(error))}.",
                "Check llm, llm_api_key and llm_context.",
            ) from error
        if not wrote:
            raise LLMError(
                f"The language model at {self._where} wrote nothing.",
                "Check that llm_base_url ends as its server wants (usually in /v1), and llm_max_tokens.",
            )

    def _without_key(self, text: str) -> str:
        key = self._settings.llm_api_key.get_secret_value()
        return text.replace(key, "**********") if key else text

    @property
    def _where(self) -> str:
        return shown("llm_base_url", self._settings.llm_base_url) or "this machine"

    def close(self) -> None:
        """Stop the local server."""
        with self._lock:
            self._client = self._server = None


def open_llm(settings: Settings) -> LanguageModel | None:
    """The model that the settings name, None for "none". Raises ModelError when its file is missing."""
    if settings.llm == "none":
        return None
    if settings.llm_base_url:
        if settings.remote_host:
            log.warning("report text is sent to the language model at %s", settings.remote_host)
        return LanguageModel(settings.llm, settings)
    gguf = models.llm_path(settings.llm, settings.models_dir)
    return LanguageModel(gguf.stem, settings, gguf)
