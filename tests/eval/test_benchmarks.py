import subprocess
import sys
from pathlib import Path

import pytest

from eval.benchmarks import ingest
from eval.benchmarks.ingest import BenchmarkError, Run, measure, peer

PEER = """
import json, sys
from pathlib import Path
reports, out, questions = sys.argv[1:]
assert json.loads(Path(questions).read_text())["question"]
ballast = bytearray(64 * 2**20)
print("reading")
print(json.dumps({"pages": len(list(Path(reports).iterdir())), "read_s": 1.5, "index_s": 2.25}))
Path(out).write_text("")
"""


def test_a_process_is_measured_by_its_own_peak_memory(tmp_path):
    # In a process of its own, as the benchmark runs: a child's peak starts from what its parent holds when it forks.
    script = (
        "import sys; from pathlib import Path; from eval.benchmarks.ingest import measure; work = Path(sys.argv[1])\n"
        "large, _ = measure('large', [sys.executable, '-c', 'x = bytearray(400 * 2**20)'], work)\n"
        "small, said = measure('small', [sys.executable, '-c', 'print(1)'], work)\n"
        "print(said.strip(), large.rss_mb > 400 > small.rss_mb)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "True"]


def test_a_process_that_fails_is_an_error_with_its_last_words(tmp_path):
    with pytest.raises(BenchmarkError, match=r"ended with code 1.*no such luck"):
        measure("it", [sys.executable, "-c", "raise SystemExit('no such luck')"], tmp_path)


def test_a_peer_gets_the_reports_in_a_folder_and_its_own_times_are_read(tmp_path):
    report = tmp_path / "report.txt"
    report.write_text("Revenue was 5.")
    script = tmp_path / "peer.py"
    script.write_text(PEER)
    run = peer([report], Path(sys.executable), script)
    assert run.work_s == 3.75
    assert run.rss_mb > 64


def test_the_speedup_is_the_ratio_of_medians():
    def runs(who: str, *walls: float) -> list[Run]:
        return [Run(who=who, wall_s=wall, work_s=None, rss_mb=1.0, cpu_s=1.0) for wall in walls]

    both = runs(ingest.OURS, 2.0, 9.0, 3.0) + runs(ingest.PEER, 12.0, 11.0, 90.0)
    assert ingest._ratio(both, "wall_s") == 4.0
    assert ingest._ratio(both, "work_s") is None
