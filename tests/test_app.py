"""Serving the chat; what it does in a browser is in tests/chat."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

import app
from index.errors import SettingsError
from rag import ReportQA
from rag.settings import load

ROOT = Path(app.__file__).parent


def test_a_taken_port_is_an_error_that_names_it(sample_store, models_dir):
    settings = load(store=sample_store, models_dir=models_dir, llm="none")
    with ReportQA.open(settings=settings) as qa, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=str(port)):
            app.serve(qa, "127.0.0.1", port)


def test_python_app_serves_this_machine_only_by_its_own_names(sample_store, models_dir):
    settings = {"STORE": sample_store, "MODELS_DIR": models_dir, "LLM": "none", "PORT": 0}
    env = {**os.environ, **{f"REPORT_QA_{key}": str(value) for key, value in settings.items()}}
    with subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().split()[-1]
            assert "report-qa" in httpx.get(url, timeout=60, trust_env=False).text
            foreign = httpx.get(url, headers={"Host": "rebound.example"}, timeout=60, trust_env=False)
            assert foreign.status_code == 400
        finally:
            process.terminate()
