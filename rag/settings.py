"""Every setting, with its default and what it does.

Values come, first wins, from the command line, the environment (``REPORT_QA_STORE=...``), and a TOML file:
``REPORT_QA_CONFIG`` if set, else ``report-qa.toml`` in the working folder, else ``config.toml`` in the platform's user
configuration folder. An unknown key is an error that names it.
"""

import json
import os
import re
import tomllib
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from platformdirs import user_config_path, user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.errors import SettingsError
from index.limits import Limits, Ocr

PREFIX = "REPORT_QA_"
CONFIG_VARIABLE = PREFIX + "CONFIG"


def config_file() -> Path | None:
    """The settings file in use, or None. A file named by ``REPORT_QA_CONFIG`` must exist."""
    named = os.environ.get(CONFIG_VARIABLE)
    if named:
        path = Path(named).expanduser()
        if not path.is_file():
            raise SettingsError(f"{CONFIG_VARIABLE} names {path}, which is not a file.", "Create it or unset it.")
        return path
    for path in (Path("report-qa.toml"), user_config_path("report-qa") / "config.toml"):
        if path.is_file():
            return path
    return None


class Settings(BaseSettings):
    """The settings of one process. Immutable; make another with ``model_copy(update=...)``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    store: Path = Field(user_data_path("report-qa") / "store", description="Folder of the store of reports.")
    models_dir: Path = Field(user_data_path("report-qa") / "models", description="Folder of the default models.")
    threads: int = Field(0, ge=0, le=256, description="CPU threads of embedder, OCR and local LLM; 0 for all cores.")

    embedder: str = Field(
        "default",
        description='"default" (multilingual-e5-small, OpenVINO int8), or a Sentence Transformers folder or model id.',
    )
    chroma_url: str = Field("", description="http://host:port of a Chroma server; empty for the embedded one.")
    chunk_tokens: int = Field(80, ge=32, le=480, description="Longest chunk, in tokens of the embedder.")

    llm: str = Field(
        "default",
        description='"default" (local Qwen2.5-Coder-1.5B), "small" (0.5B), a .gguf file, "none" (evidence only), or, '
        "with llm_base_url, a model name of that server.",
    )
    llm_base_url: str = Field("", description="Base URL of an OpenAI-compatible server, ending in /v1.")
    llm_api_key: SecretStr = Field(SecretStr(""), description="Key for llm_base_url.")
    llm_context: int = Field(4096, ge=1024, le=1_000_000, description="Context window of the LLM, in tokens.")
    llm_max_tokens: int = Field(320, ge=16, le=8192, description="Longest answer, in tokens.")
    llm_timeout: float = Field(120.0, gt=0, description="Seconds to wait for the LLM server before giving up.")
    llm_answers: int = Field(
        0, ge=0, le=256, description="Answers the LLM writes at a time; 0 for one if it is local, four of a server."
    )

    prompts: str = Field("", description="Folder of prompt files to use in place of those of rag/prompts.")
    candidates: int = Field(100, ge=10, le=500, description="Chunks taken from each of dense and lexical search.")
    reranker: str = Field(
        "", description="Sentence Transformers CrossEncoder, a folder or a model id, that orders what was found."
    )
    rerank_items: int = Field(20, ge=2, le=100, description="Chunks that the reranker orders.")
    evidence_items: int = Field(6, ge=1, le=50, description="Most evidence items shown to the LLM.")
    evidence_tokens: int = Field(300, ge=100, le=100_000, description="Most tokens of evidence shown to the LLM.")

    max_file_mb: int = Field(200, ge=1, description="Largest report file, in MB.")
    max_pages: int = Field(5000, ge=1, description="Longest report, in pages.")
    max_seconds: float = Field(600.0, gt=0, description="Longest time that reading one file may take, in seconds.")
    max_memory_mb: int = Field(2048, ge=128, description="Most memory of each process that reads files, in MB.")
    max_megapixels: int = Field(10, ge=1, le=200, description="Largest picture made of a page, in million pixels.")
    ocr: Literal["auto", "off"] = Field("auto", description='"auto": pages without readable text by OCR; "off": never.')

    host: str = Field("127.0.0.1", description="Address the chat listens on.")
    port: int = Field(7860, ge=0, le=65535, description="Port the chat listens on; 0 for a free one.")
    auth: Literal["off", "users", "proxy"] = Field(
        "off", description='"off": nobody signs in; "users": `report-qa users`; "proxy": auth_header names the user.'
    )
    auth_header: str = Field("X-Forwarded-User", description="Header in which a reverse proxy names the user.")
    auth_proxies: str = Field(
        "127.0.0.1, ::1", description="Addresses or networks whose auth_header is believed, with commas between."
    )
    allow_anonymous: bool = Field(
        False, description="Listen beyond this machine without sign-in: everybody may read all reports."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("warning", description="Least level logged.")

    slack_bot_token: SecretStr = Field(SecretStr(""), description="Slack's bot token, xoxb-...")
    slack_app_token: SecretStr = Field(SecretStr(""), description="App-level token of Slack's Socket Mode, xapp-...")
    slack_signing_secret: SecretStr = Field(SecretStr(""), description="Secret that Slack signs HTTP events with.")
    slack_mode: Literal["socket", "http"] = Field(
        "socket", description='"socket": events over a socket that the bot opens; "http": over HTTP, on slack_port.'
    )
    slack_port: int = Field(3000, ge=0, le=65535, description="Port of HTTP events; 0 for a free one.")
    slack_channels: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description='Ids of the channels that are answered, "direct" for direct messages; empty for all.'
    )
    slack_reports: Annotated[dict[str, tuple[str, ...]], NoDecode] = Field(
        {}, description='For a channel\'s id or "direct", the only reports that it may ask: ids, names or patterns.'
    )
    slack_per_minute: int = Field(10, ge=0, description="Messages of one user that are answered in a minute; 0: all.")
    slack_workers: int = Field(8, ge=1, le=64, description="Messages that are worked on at the same time.")
    slack_uploads: bool = Field(True, description="Whether report files that are sent to the bot are read.")
    slack_upload_channels: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description='Ids of the only channels whose files are read, "direct" for direct messages; empty for all.'
    )
    slack_api_url: str = Field("https://slack.com/api/", description="Address of Slack's Web API.")
    slack_file_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        ("files.slack.com",), description="Hosts that files are fetched from."
    )

    webhook_secret: SecretStr = Field(SecretStr(""), description="Secret that requests of the webhook are signed with.")
    webhook_port: int = Field(7861, ge=0, le=65535, description="Port the webhook listens on; 0 for a free one.")
    webhook_wait: float = Field(120.0, gt=0, description="Seconds that a request of the webhook waits for its answer.")
    webhook_per_minute: int = Field(20, ge=0, description="Messages of one user answered in a minute; 0 for all.")
    webhook_callback_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Hosts replies may be sent to."
    )
    webhook_callback_private: bool = Field(False, description="Whether they may be in a private network.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, environment, then the TOML file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file()))

    @field_validator(
        "slack_channels", "slack_upload_channels", "slack_file_hosts", "webhook_callback_hosts", mode="before"
    )
    @classmethod
    def _by_commas(cls, value: Any) -> Any:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("slack_reports", mode="before")
    @classmethod
    def _as_json(cls, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    @field_validator("slack_bot_token", "slack_app_token", "slack_signing_secret")
    @classmethod
    def _is_one_word(cls, value: SecretStr) -> SecretStr:
        return cls._fits_a_header(value)

    @field_validator("llm_base_url", "chroma_url", "slack_api_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        try:
            parts = urlsplit(value.strip())
            named = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            named = False
        if value.strip() and not named:
            raise ValueError("must be an address such as http://127.0.0.1:8000/v1")
        return value.strip()

    @field_validator("auth_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for network in value.split(","):
            try:
                ip_network(network.strip())
            except ValueError:
                raise ValueError("must be addresses or networks such as 127.0.0.1, 10.0.0.0/8") from None
        return value

    @field_validator("llm_api_key")
    @classmethod
    def _fits_a_header(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value().strip()  # a key read from a file often ends in a line break
        if not (key.isascii() and (key.isprintable() and " " not in key)):
            raise ValueError("must be plain letters, digits and signs without spaces")
        return SecretStr(key)

    @property
    def limits(self) -> Limits:
        """What one file may cost to read."""
        ocr = Ocr(self.ocr, self.max_megapixels * 1_000_000, self.threads)
        return Limits(self.max_seconds, self.max_memory_mb, self.max_pages, self.max_file_mb, ocr)

    @property
    def remote_host(self) -> str:
        """The host whose language model is sent report text, or "" when there is none but on this machine."""
        return "" if self.llm == "none" else _remote(self.llm_base_url)

    @property
    def remote_store(self) -> str:
        """The host of the Chroma server that keeps report text, or "" when it is kept on this machine."""
        return _remote(self.chroma_url)

    @property
    def remote_chat(self) -> str:
        """The host of Slack when answers are sent there, or ""."""
        return _remote(self.slack_api_url) if self.slack_bot_token.get_secret_value() else ""


def _remote(url: str) -> str:
    host = urlsplit(url).hostname or ""
    try:
        return "" if ip_address(host).is_loopback else host
    except ValueError:
        return "" if host in {"", "localhost"} else host


def shown(name: str, value: Any) -> str:
    """A setting's value as people may see it: keys as stars, no user and password in addresses."""
    if isinstance(value, SecretStr) or (name in Settings.model_fields and name.endswith("_key")):
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        return "**********" if plain else ""
    if not isinstance(value, str | int | float | Path):
        return f"a {type(value).__name__}"  # a table or list may hold a key
    return re.sub(r"(?<=//)[^/@\s]*@", "", str(value))


def load(**overrides: Any) -> Settings:
    """Read the settings; ``overrides`` (None values are left out) win. Raises SettingsError naming the bad key."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {CONFIG_VARIABLE}
    for name in os.environ:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise SettingsError(f"Unknown setting {name} in the environment.", "See `report-qa doctor --settings`.")
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{config_file()} is not valid TOML: {error}.", "Mend the file.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{config_file()} cannot be read: {error}.", "Mend the file; it must be UTF-8.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "settings"
        if first["type"] == "extra_forbidden":
            raise SettingsError(
                f"Unknown setting {key} in {config_file()}.", "Remove it or mend its name; docs/settings.md lists all."
            ) from error
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(
            f"Setting {key}: {reason}, got {shown(key, first['input'])!r}.", "Mend its value."
        ) from error
