"""The command line: ``report-qa``. Every command takes ``--store`` and ``--json`` where it prints something.

Exit codes: 0 done, 1 something failed (a file, a check, the model), 2 the request cannot be carried out as given.
"""

import logging
import os
import sys
import traceback
import uuid
from collections.abc import Sequence

import typer
from rich.markup import escape

from eval.command import app as eval_app
from index.errors import ReportQAError
from rag.commands import asking, holdings, serving, setup
from rag.commands.shared import err
from rag.commands.users import app as users_app

app = typer.Typer(
    name="report-qa",
    help="Ask questions about reports, in Chinese or English, and get answers with the page of every statement.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    holdings.ingest, holdings.reports, holdings.remove, holdings.rename, holdings.reread, holdings.inspect,
    asking.search, asking.ask, asking.conflicts,
    serving.serve, serving.slack, serving.webhook,
    setup.doctor,
):  # fmt: skip
    app.command()(command)
app.add_typer(setup.models_app, name="models")
app.add_typer(eval_app, name="eval")
app.add_typer(users_app, name="users")

log = logging.getLogger("report_qa")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    try:
        app(list(arguments) if arguments is not None else None)
    except ReportQAError as error:
        err.print(f"[red]error:[/] {escape(error.message)}")
        if error.remedy:
            err.print(f"       {escape(error.remedy)}")
        log.debug("%s", traceback.format_exc())
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        err.print("stopped")
        sys.exit(1)
    except Exception:
        number = uuid.uuid4().hex[:8]
        log.exception("error %s", number)
        err.print(f"[red]error:[/] something went wrong that should not have (id {number}); see the log above.")
        sys.exit(1)


if __name__ == "__main__":
    main()
