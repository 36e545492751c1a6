"""Traditional Chinese as simplified, in words and comparisons; text itself is left as it is."""

import pytest

from index.language import detect
from index.text import clean, fold, words
from index.traditional import mainland, simplified


@pytest.mark.parametrize(
    ("traditional", "simple"),
    [
        ("營業收入與淨利潤同比增長", "营业收入与净利润同比增长"),
        ("證券研究報告：後續關於臺灣", "证券研究报告：后续关于台湾"),
        ("著名品牌顯著增長", "著名品牌显著增长"),  # 著 is printed in both
        ("营业收入 Revenue 2025", "营业收入 Revenue 2025"),
    ],
)
def test_characters_become_simplified_one_by_one(traditional: str, simple: str) -> None:
    assert simplified(traditional) == simple
    assert len(simplified(traditional)) == len(traditional)
    assert simplified(simple) == simple


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ("伺服器營收年增率", "服务器营收同比增速"),
        ("聯準會升息", "美联储加息"),
        ("晶片業的本益比與殖利率", "芯片业的市盈率与收益率"),
        ("第三季每股盈餘", "三季度每股收益"),
    ],
)
def test_terms_become_those_of_the_mainland(asked: str, printed: str) -> None:
    assert mainland(asked) == printed
    assert words(asked) == words(printed)


def test_simplified_text_keeps_its_own_terms() -> None:
    assert mainland("支持升息的晶片厂") == "支持升息的晶片厂"


def test_comparing_does_not_tell_the_scripts_apart() -> None:
    assert fold("歸母淨利潤 44.2億元") == fold("归母净利润44.2亿元")


def test_what_is_printed_stays_as_printed() -> None:
    assert clean("歸母淨利潤") == "歸母淨利潤"


def test_a_traditional_question_is_chinese() -> None:
    assert detect("Amazon AWS 嗎") == detect("Amazon AWS 吗") == "zh"
