"""What a run was measured with: settings without secrets, versions, machine and commit."""

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, JsonValue, SecretStr

from rag.settings import Settings

_PACKAGES = (
    "report-qa",
    "chromadb",
    "jieba",
    "llama-index-core",
    "openvino",
    "pypdfium2",
    "sentence-transformers",
    "torch",
    "xllamacpp",
)


class Machine(BaseModel):
    """What a run was measured on: processor name, usable cores, memory in GB, system."""

    model_config = ConfigDict(frozen=True)

    cpu: str
    cores: int
    memory_gb: float | None
    system: str

    def line(self) -> str:
        """Give the machine in one line."""
        memory = f", {self.memory_gb:g} GB" if self.memory_gb else ""
        return f"{self.cpu}, {self.cores} cores{memory}, {self.system}"


def safe_settings(settings: Settings) -> dict[str, JsonValue]:
    """Give the settings without secrets: no keys, and no user, password or query in addresses."""
    values: dict[str, JsonValue] = settings.model_dump(mode="json")
    for name, value in values.items():
        if isinstance(getattr(settings, name), SecretStr):
            values[name] = "set" if getattr(settings, name).get_secret_value() else ""
        elif isinstance(value, str) and "://" in value:
            parts = urlsplit(value)
            values[name] = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    return values


def versions() -> dict[str, str]:
    """Give the versions of Python and of the packages that decide a result."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = ""
    return found


def machine() -> Machine:
    """Describe this machine. Neither its name nor its user is part of it."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = (
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        )
        cpu = next(names, cpu)
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    memory = None
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)
    return Machine(cpu=cpu, cores=cores, memory_gb=memory, system=f"{platform.system()} {platform.machine()}")


def peak_memory_mb() -> float | None:
    """The highest resident memory of this process so far, in MB; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)  # bytes on macOS, else KB


def commit() -> str:
    """Give the git commit of this source tree, with "+" if files differ from it; "" outside git."""
    folder = Path(__file__).parent
    try:
        head = _git(folder, "rev-parse", "HEAD")
        return head + "+" * bool(_git(folder, "status", "--porcelain", "--untracked-files=no"))
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True)  # noqa: S603, S607
    return done.stdout.strip()
