"""Commands that serve until they are stopped: the chat, Slack, the webhook."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from rag.commands.shared import Store, engine, err, opened_settings, out, tell
from rag.progress import ingest_progress


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 for a free one.")] = None,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = False,
    add: Annotated[list[Path] | None, typer.Option("--ingest", help="Add these reports first; repeatable.")] = None,
    store: Store = None,
) -> None:
    """Open the chat in the browser."""
    import app as chat

    with engine(store, host=host, port=port) as qa:
        if add:
            with ingest_progress(err) as progress:
                outcomes = qa.ingest(add, progress)
            for outcome in outcomes:
                if outcome.error:
                    err.print(f"[red]{escape(str(outcome.error))}[/]")
        tell(qa)
        qa.warm()
        chat.serve(qa, qa.settings.host, qa.settings.port, open_browser)


def slack(
    host: Annotated[str | None, typer.Option(help="Address that HTTP events come in on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of HTTP events; 0 for a free one.")] = None,
    manifest: Annotated[
        bool, typer.Option("--manifest", help="Print the manifest to make the Slack app from.")
    ] = False,
    url: Annotated[str, typer.Option(help="With --manifest: https address of HTTP events; else Socket Mode.")] = "",
    store: Store = None,
) -> None:
    """Answer in Slack until stopped. Tokens and channels are settings (see docs/slack.md)."""
    if manifest:
        from rag.slack.manifest import manifest as manifest_for

        out.file.write(manifest_for(url))
        return
    from rag.slack.server import require
    from rag.slack.server import serve as serve_slack

    require(opened_settings(store, host=host, slack_port=port))  # before the models are loaded
    with engine(store, host=host, slack_port=port) as qa:
        tell(qa)
        qa.warm()
        serve_slack(qa, lambda where: err.print(f"Listening to Slack ({where}). Ctrl-C stops."))


def webhook(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 for a free one.")] = None,
    store: Store = None,
) -> None:
    """Answer signed JSON requests of a chat service's relay until stopped (see docs/webhook.md)."""
    from rag.bots.webhook import serve as serve_webhook

    with engine(store, host=host, webhook_port=port) as qa:
        tell(qa)
        qa.warm()
        serve_webhook(qa)
