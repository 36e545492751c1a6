"""The chat: the entry that `python app.py` and `report-qa serve` use. What is on the page is in `rag/chat`."""

import os
import socket
import sys
import webbrowser
from typing import TYPE_CHECKING

from index.errors import ReportQAError, SettingsError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from rag import ReportQA

FONTS = [  # a Latin face first: Chinese faces draw ’ and “ ” as wide as a character
    "-apple-system", "Segoe UI", "Noto Sans", "Liberation Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
    "Noto Sans SC", "system-ui", "sans-serif",
]  # fmt: skip
LOOPBACK = ["127.0.0.1", "localhost"]


def application(qa: "ReportQA") -> "FastAPI":
    """The web application with the page at its root and the pages of the reports beside it."""
    import gradio as gr
    from fastapi import FastAPI

    from rag.api import attach
    from rag.api.access import user_of
    from rag.chat.exports import Exports
    from rag.chat.page import build, head
    from rag.chat.pages import router

    exports = Exports()
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    theme = gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=FONTS, font_mono=["ui-monospace", "monospace"])
    web = FastAPI(title="report-qa", docs_url=None, redoc_url=None, openapi_url=None)
    attach(web, qa)
    web.include_router(router(qa, exports))
    gr.mount_gradio_app(
        web, build(qa, exports), path="/", footer_links=[], run_history=False, show_error=False, ssr_mode=False,
        pwa=False, mcp_server=False, max_file_size=f"{qa.settings.max_file_mb}mb", theme=theme, head=head(),
        auth_dependency=user_of,
    )  # fmt: skip
    return web


def serve(qa: "ReportQA", host: str, port: int, open_browser: bool = False) -> None:
    """Serve the chat on ``host``:``port`` (0: any free port) until interrupted. SettingsError if it is taken."""
    import uvicorn
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from rag.api.access import check_listening

    check_listening(qa.settings, host)
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen()
        except OSError as error:
            raise SettingsError(
                f"Cannot listen on {host}:{port}: {error.strerror}.", "Choose another with --port, 0 for any free one."
            ) from error
        name = f"[{host}]" if ":" in host else host
        url = f"http://{name}:{listener.getsockname()[1]}"
        web = application(qa)
        if host in LOOPBACK and qa.settings.auth == "off":  # no page of another site by a name that it points here
            web.add_middleware(TrustedHostMiddleware, allowed_hosts=LOOPBACK)
        server = uvicorn.Server(uvicorn.Config(web, log_level="warning", proxy_headers=False))
        qa.warm()
        sys.stdout.write(f"report-qa: {url}\n")
        sys.stdout.flush()
        if open_browser:
            webbrowser.open(url)
        server.run(sockets=[listener])


def main() -> int:
    """Serve the chat as the settings say. Returns the process exit code."""
    from rag import ReportQA

    try:
        with ReportQA.open() as qa:
            serve(qa, qa.settings.host, qa.settings.port)
    except ReportQAError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
