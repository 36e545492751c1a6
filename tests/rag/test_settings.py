import re
import subprocess
import sys
from pathlib import Path

import pytest
from platformdirs import user_data_path
from pydantic import SecretStr

from index.errors import SettingsError
from rag.llm import open_llm
from rag.prompts import prompt
from rag.settings import PREFIX, Settings, config_file, load, shown

SECRET = "sk-do-not-show-1234567890"  # noqa: S105
pytestmark = pytest.mark.usefixtures("clean_environment")


def toml(text: str, name: str = "report-qa.toml") -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_default_holds_where_nothing_is_set() -> None:
    assert load().port == 7860
    assert config_file() is None


def test_the_file_wins_over_the_default() -> None:
    toml("port = 7001")
    assert load().port == 7001


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    toml('port = 7001\nhost = "0.0.0.0"')
    monkeypatch.setenv("REPORT_QA_PORT", "7002")
    assert load().port == 7002
    assert load().host == "0.0.0.0"  # noqa: S104


def test_the_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    toml("port = 7001")
    monkeypatch.setenv("REPORT_QA_PORT", "7002")
    assert load(port=7003).port == 7003
    assert load(port=None).port == 7002


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    toml("port = 7001")
    monkeypatch.setenv("REPORT_QA_PORT", "")
    assert load().port == 7001


def test_the_named_file_is_taken_instead_of_the_one_in_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    toml("port = 7001")
    monkeypatch.setenv("REPORT_QA_CONFIG", str(toml("port = 7009", "other.toml")))
    assert load().port == 7009


def test_the_users_own_file_is_read_when_the_folder_has_none() -> None:
    folder = Path("config")
    folder.mkdir()
    toml("port = 7005", "config/config.toml")
    assert load().port == 7005
    toml("port = 7001")
    assert load().port == 7001


def test_a_named_file_that_is_missing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_QA_CONFIG", "nowhere.toml")
    with pytest.raises(SettingsError, match=r"REPORT_QA_CONFIG names nowhere\.toml"):
        load()


def test_an_unknown_key_in_the_file_is_refused_by_name() -> None:
    toml("prot = 7001")
    with pytest.raises(SettingsError, match=r"Unknown setting prot in report-qa\.toml") as caught:
        load()
    assert caught.value.exit_code == 2
    assert caught.value.remedy


def test_an_unknown_key_in_the_environment_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_QA_PROT", "7001")
    with pytest.raises(SettingsError, match="REPORT_QA_PROT"):
        load()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("port", "99999"),
        ("port", "seven"),
        ("threads", "-1"),
        ("chunk_tokens", "5"),
        ("log_level", "loud"),
        ("llm_timeout", "0"),
        ("llm_base_url", "gpu-box:8000/v1"),
        ("llm_base_url", "ftp://gpu-box/v1"),
        ("llm_base_url", "http://"),
        ("llm_base_url", "http://gpu-box:port/v1"),
        ("chroma_url", "gpu-box"),
    ],
)
def test_a_bad_value_is_refused_naming_setting_and_value(key: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + key.upper(), value)
    with pytest.raises(SettingsError) as caught:
        load()
    assert key in str(caught.value)
    assert value in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("content", [b"port = ", b"port = 1\nport = 2", b'host = "\xff\xfe"'])
def test_a_file_that_is_no_toml_is_refused_naming_it(content: bytes) -> None:
    Path("report-qa.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"report-qa\.toml"):
        load()


def test_the_key_is_in_no_printed_form_of_the_settings() -> None:
    settings = load(llm_api_key=SECRET)
    assert settings.llm_api_key.get_secret_value() == SECRET
    for text in (repr(settings), str(settings), settings.model_dump_json(), shown("llm_api_key", settings.llm_api_key)):
        assert SECRET not in text


@pytest.mark.parametrize(
    "content",
    [
        f'llm_api_key = ["{SECRET}"]',
        f'llm_api_key = {{value = "{SECRET}"}}',
        f'llm_api_key = "{SECRET} 钥"',
        f'[llm]\napi_key = "{SECRET}"',
        f'port = {{llm_api_key = "{SECRET}"}}',
        f'[llm_endpoint]\nkey = "{SECRET}"',
    ],
)
def test_the_key_is_in_no_error_about_the_settings(content: str) -> None:
    toml(content)
    with pytest.raises(SettingsError) as caught:
        load()
    error: BaseException | None = caught.value
    while error is not None:  # a traceback shows the causes too
        assert SECRET not in f"{error} {error!r}"
        error = error.__cause__


def test_line_breaks_around_a_key_are_taken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_QA_LLM_API_KEY", f"{SECRET}\n")
    assert load().llm_api_key.get_secret_value() == SECRET


def test_user_and_password_of_an_address_are_not_shown() -> None:
    settings = load(llm_base_url=f"https://me:{SECRET}@models.example/v1")
    assert shown("llm_base_url", settings.llm_base_url) == "https://models.example/v1"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("", ""),
        ("http://localhost:11434/v1", ""),
        ("http://LOCALHOST:11434/v1", ""),
        ("http://127.0.0.1:8000/v1", ""),
        ("http://127.8.9.1:8000/v1", ""),
        ("http://[::1]:8000/v1", ""),
        ("https://api.example.com/v1", "api.example.com"),
        ("http://192.168.1.20:8000/v1", "192.168.1.20"),
        ("http://127.0.0.1.evil.example/v1", "127.0.0.1.evil.example"),
        ("http://127.evil.example/v1", "127.evil.example"),
        ("http://localhost@evil.example/v1", "evil.example"),
    ],
)
def test_only_loopback_counts_as_this_machine(url: str, host: str) -> None:
    assert load(llm="m", llm_base_url=url).remote_host == host
    assert load(chroma_url=url).remote_store == host


def test_nothing_is_sent_when_no_model_is_used() -> None:
    assert load(llm="none", llm_base_url="https://api.example.com/v1").remote_host == ""


def test_settings_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().port = 1  # type: ignore[misc]


def test_every_setting_says_what_it_does() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_docs_list_every_setting_with_its_default() -> None:
    def told(value: object) -> str:
        if isinstance(value, Path):
            assert value.parent == user_data_path("report-qa")
            return f"`{value.name}` in the user data folder"
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        if isinstance(value, tuple | dict):
            value = ",".join(value)
        if isinstance(value, bool):
            value = str(value).lower()
        return f"`{value:g}`" if isinstance(value, float) else f"`{value}`" if value != "" else "empty"

    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \| ([^|]+?) \| [^|]+\|$", page, re.MULTILINE)
    assert len(dict(listed)) == len(listed)
    assert dict(listed) == {name: told(field.default) for name, field in Settings.model_fields.items()}


def test_reading_the_settings_loads_no_heavy_library() -> None:
    code = "import sys, rag.settings; print(sorted({'torch', 'openvino', 'chromadb', 'gradio'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "[]"


def prompts(folder: Path, **files: str) -> Settings:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return load(prompts=str(folder), llm="m", llm_base_url="http://127.0.0.1:9/v1")


def test_prompts_of_a_folder_take_the_place_of_the_packages_own(tmp_path: Path) -> None:
    model = open_llm(prompts(tmp_path / "own", system_en="Be brief.\n"))
    assert model is not None
    assert model.prompts.text("system", "en") == "Be brief."
    assert model.prompts.text("system", "zh") == prompt("system", "zh")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"sistem_en": "Be brief."}, "sistem_en.txt is no prompt's file"),
        ({"question_en": "Only {question}"}, r"question_en.txt must have {evidence} and {question}"),
        ({"question_en": "{evidence} {question} {"}, r"question_en.txt must have {evidence} and {question}"),
        ({}, "holds no prompts"),
    ],
)
def test_prompts_that_cannot_be_used_are_refused_by_file(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(message)):
        open_llm(prompts(tmp_path / "own", **files))
    with pytest.raises(SettingsError, match="cannot be read"):
        open_llm(load(prompts=str(tmp_path / "absent"), llm="m", llm_base_url="http://127.0.0.1:9/v1"))


def test_lists_and_tables_come_from_a_file_or_from_the_environment(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('slack_channels = ["C1", "direct"]\n[slack_reports]\nC1 = ["a*", "b.pdf"]\n', encoding="utf-8")
    monkeypatch.setenv("REPORT_QA_CONFIG", str(file))
    from_file = load()
    monkeypatch.delenv("REPORT_QA_CONFIG")
    monkeypatch.setenv("REPORT_QA_SLACK_CHANNELS", "C1, direct")
    monkeypatch.setenv("REPORT_QA_SLACK_REPORTS", '{"C1": ["a*", "b.pdf"]}')
    for made in (from_file, load()):
        assert made.slack_channels == ("C1", "direct")
        assert made.slack_reports == {"C1": ("a*", "b.pdf")}
    monkeypatch.setenv("REPORT_QA_SLACK_REPORTS", "{C1}")
    with pytest.raises(SettingsError, match="slack_reports"):
        load()
