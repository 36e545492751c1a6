"""What the tests of rag/ share: a clean environment, and the command line in this process."""

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Done, Run


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting from the environment or from a file of the one who runs the tests."""
    import os

    for name in list(os.environ):
        if name.upper().startswith("REPORT_QA_"):
            monkeypatch.delenv(name)
    empty = tmp_path_factory.mktemp("empty")
    monkeypatch.chdir(empty)
    monkeypatch.setattr("rag.settings.user_config_path", lambda name: empty / "config")


@pytest.fixture
def inspected(
    models_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs ``report-qa inspect`` in this process; gives exit code, output and errors."""
    from rag.cli import main

    monkeypatch.setenv("REPORT_QA_MODELS_DIR", str(models_dir))

    def call(*arguments: object) -> tuple[int, str, str]:
        try:
            main(["inspect", *(str(argument) for argument in arguments)])
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def run(models_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process, without a language model unless a test sets one."""
    monkeypatch.setenv("REPORT_QA_MODELS_DIR", str(models_dir))
    monkeypatch.setenv("REPORT_QA_LLM", "none")

    from rag.cli import main

    def call(*arguments: object) -> Done:
        capsys.readouterr()
        try:
            main([str(argument) for argument in arguments])
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call
