"""Compile the sample reports: ``python eval/data/make.py``.

Only who changes a ``.typ`` source needs this; the compiled PDFs are in the repository. It needs the ``typst`` package
(in the ``dev`` extra) and the Noto CJK fonts (``apt-get install fonts-noto-cjk``), for the English report nothing but
``typst``, which carries its own fonts. The result is the same bytes every time: the sources name the document's date,
and no other font of the machine is looked at.
"""

from datetime import UTC, datetime
from pathlib import Path

import typst

HERE = Path(__file__).parent
FONTS = Path("/usr/share/fonts/opentype/noto")
CJK = FONTS / "NotoSansCJK-Regular.ttc"
REPORTS = {
    "zh_storage_weekly": datetime(2026, 3, 15, tzinfo=UTC),
    "en_annual_report": datetime(2025, 8, 21, tzinfo=UTC),
}


def make(folder: Path = HERE) -> list[Path]:
    """Write each report's PDF into ``folder`` and return the paths.

    Raises:
        FileNotFoundError: the Noto CJK fonts are not installed.
        typst.TypstError: a source does not compile.

    """
    if not CJK.exists():
        raise FileNotFoundError(f"{CJK} is missing. Install it with: apt-get install fonts-noto-cjk")
    made = []
    for name, date in REPORTS.items():
        target = folder / f"{name}.pdf"
        typst.compile(
            str(HERE / f"{name}.typ"),
            output=str(target),
            root=str(HERE),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            timestamp=int(date.timestamp()),
        )
        made.append(target)
    return made


if __name__ == "__main__":
    make()
