"""Whether everything that answering needs is in place."""

import dataclasses
import platform
import sqlite3
from dataclasses import dataclass
from typing import Any

from index import models
from index.errors import ReportQAError
from rag.settings import Settings, config_file, shown
from rag.slack import checks as slack


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is in order, and what was found."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True)
class Value:
    """One setting as it stands. Secrets are shown as stars."""

    name: str
    value: str
    description: str


def wanted_models(settings: Settings) -> list[str]:
    """The default models that the settings need."""
    wanted = []
    if settings.llm in {"default", "small"} and not settings.llm_base_url:
        wanted.append("llm" if settings.llm == "default" else "llm-small")
    if settings.embedder == "default":
        wanted.append("embedder")
    return wanted


def examine(settings: Settings) -> list[Check]:
    """Look at the settings, the models, the store and where report text goes."""
    checks = [
        Check("python", True, f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}"),
        Check("settings", True, str(config_file() or "defaults and environment")),
    ]
    checks += [_model(name, settings) for name in wanted_models(settings)]
    checks += [_llm(settings), _store(settings), *slack.examine(settings)]
    sent = {
        "llm_base_url": settings.remote_host,
        "chroma_url": settings.remote_store,
        "slack_bot_token": settings.remote_chat,
    }
    leaves = [f"report text is SENT TO {host} (setting {name})" for name, host in sent.items() if host]
    return [*checks, Check("privacy", True, "; ".join(leaves) or "report text stays on this machine")]


def _model(name: str, settings: Settings) -> Check:
    try:
        return Check(f"model {name}", True, str(models.path(name, settings.models_dir)))
    except ReportQAError as error:
        return Check(f"model {name}", False, str(error))


def _llm(settings: Settings) -> Check:
    if settings.llm == "none":
        return Check("llm", True, "none: answers are quotations of the evidence")
    if settings.llm_base_url:
        return _endpoint(settings)
    try:
        return Check("llm", True, f"local, {models.llm_path(settings.llm, settings.models_dir)}")
    except ReportQAError as error:
        return Check("llm", False, str(error))


def _endpoint(settings: Settings) -> Check:
    import httpx

    where = shown("llm_base_url", settings.llm_base_url)
    key = settings.llm_api_key.get_secret_value() or "none"
    try:
        reply = httpx.get(
            f"{settings.llm_base_url.rstrip('/')}/models",
            timeout=5,
            headers={"Authorization": f"Bearer {key}"},
            trust_env=bool(settings.remote_host),
        )
    except httpx.HTTPError as error:
        return Check("llm", False, f"{where} does not answer: {error}. Start it or mend llm_base_url.")
    if reply.status_code in {401, 403}:
        return Check("llm", False, f"{where} answers {reply.status_code}: it does not take the key. Mend llm_api_key.")
    remedy = "" if reply.is_success else " Mend llm_base_url; it usually ends in /v1."
    return Check("llm", reply.is_success, f"{where} answers {reply.status_code}.{remedy}")


def _store(settings: Settings) -> Check:
    from index.catalog import Catalog

    path = settings.store.expanduser() / "catalog.sqlite"
    if not path.exists():
        return Check("store", True, f"{settings.store} is new; add reports with `report-qa ingest FILE...`")
    try:
        catalog = Catalog(path)
        entries = catalog.entries()
        filled_by = catalog.get("embedder_name", "nothing yet")
        catalog.close()
    except ReportQAError as error:
        return Check("store", False, str(error))
    return Check("store", True, f"{settings.store}: {len(entries)} reports, filled by {filled_by}")


def settings_table(settings: Settings) -> list[Value]:
    """Every setting with its value and meaning."""
    return [
        Value(name, shown(name, getattr(settings, name)), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def as_dict(row: Any) -> dict[str, Any]:
    """A dataclass as JSON-ready values."""
    return {
        key: value if isinstance(value, (int, bool, float)) else str(value)
        for key, value in dataclasses.asdict(row).items()
    }
