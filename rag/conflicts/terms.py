"""The words that say what a figure is of: content without filling, one form for each measure, names apart."""

import re
from collections.abc import Iterator
from functools import lru_cache

from index.text import CJK, fold, has_cjk, is_uncommon, words

_I = re.IGNORECASE
# One form for what is called differently. Net profit and that attributable to the parent are two things.
_SAME = tuple(
    (re.compile(pattern, _I), f" {form} ")
    for pattern, form in (
        (r"归属?于?(?:上市公司|母公司)?(?:股东|所有者|普通股股东)?的?净利润?|归母净利润?", "xparentprofit"),
        (r"净利润|净利|纯利", "xnetprofit"),
        (r"(?<=[率额量价比数重值])(?:为|达到?|约)", ""),
        (r"营业总?收入|营收|销售收入|销售额|主营收入", "xrevenue"),
        (r"收入(?!法)", "xrevenue"),
        (r"资本性?(?:开支|支出)|\bcapex\b|capital (?:expenditures?|spending|expenses?|investments?)", "xcapex"),
        (
            r"研究?(?:与|和)?开?发(?:投入|费用|支出|开支)|研发(?:投入|费用|支出|开支)?|\bR&D\b|research (?:and"
            r"|&) development",
            "xresearch",
        ),
        (r"均价|售价|单价|价格|报价", "xprice"),
        (r"员工|雇员|职工|\b(?:employees?|headcount|workforce|staff(?: members)?)\b", "xemployee"),
        (r"出货量?|\bshipments?\b|\bshipped\b", "xshipment"),
        (r"市占率|市场份额|\bmarket share\b", "xmarketshare"),
        (r"营业利润|经营利润|经营溢利|\boperating (?:income|profits?|earnings)\b", "xoperatingprofit"),
        (r"毛利率|\bgross (?:profit )?margins?\b", "xgrossmargin"),
        (r"(?:国内生产总值|GDP)(?:增长率|增速|增幅)|经济增[长速]率?", " GDP "),
        (r"通胀率|通货膨胀率?|通胀", " xinflation "),
        (r"消费(?:者)?(?:物价|价格)指数|\bconsumer price index\b", " CPI "),
        (
            r"\b(?:net )?(?:earnings|income|loss) per (?:diluted |common |basic )*share\b"
            r"|\beps\b|每股(?:收益|盈利)",
            " xeps ",
        ),
        (r"\bnet (?:sales|revenues?)\b|\brevenues?\b|\bturnover\b", "xrevenue"),
        (r"\bnet (?:income|earnings|profits?)\b", "xnetprofit"),
        (r"\b(?:spending|spend|spent|expenses?|expenditures?|outlays?)\b", "xexpense"),
    )
)
_FILLING = frozenset(
    (
        "达到 达 实现 完成 录得 约为 约 近 超过 超 共 共计 高达 多达 维持 保持 持续 继续 快速 大幅 明显 显著 进一步"
        " 左右 以上 水平 规模 情况"
        " 方面 其中 同时 此外 并 但 则 已 数据 显示 据 统计 报告 公司 我国 全国 表示 公布 发布 披露 披露显示 指出 称"
        " 占 占比 比例 比重 份额 同比"
        " 环比 增长 增加 增幅 增速 下降 下滑 上升 回落 提升 提高 减少 降幅 涨幅 跌幅 上涨 下跌 创 历史 新高 新低"
        " 首次 表现 强劲 稳健 良好 亮眼"
        " 继续 仍 约 为 至 较 比 上年 同期 去年 今年 本周 本月 本季度 季度 全年 年 月 日 末 底 截至 截止 按 计"
        " 容量计 口径 整体 总体 总计 合计 累计"
        " 亿 万 元 美元 人民币 个 百分点 家 名 人 位 出现 呈现 态势 趋势 主要 有所 有望 预计 预期 预测 将 或 可能"
        " 以来 期间 期内 报告期 当前 目前"
        " 最新 相当于 接近 突破 跃升 升至 降至 增至 大约 大概 分别 均 该 此 因此 不过 虽然 尽管 随着 受 影响 带动"
        " 推动 驱动 得益于 受益于 来看 看"
        " 而言 来说 上 下 中 内 外 前 后 时 点 单位 率 值 数 量 额 数量 金额 容量 本 我们 他们 笔者 本公司 本报告"
        " 本期 其他 其它 相关 可 会 能 又 再 还 更 最 很 非常 共有 现有 共计有 达成 取得 获得 拥有 具有 有"
        " 进入 成为 作为 以及 以 其 各 每 由 向 从 增 降 升 涨 跌 减 扩大 收窄 上调 下调 净增 平均 均值 同 约占 占到"
        " 贡献 录 报 报收 收于 收 于 开始"
        " 年度 年报 季报 财报 业绩 快报 周 当周 当月 当季 预估 指引 计划 目标 仅 仅为 只有 不足 逾 多 余 说 出 起 亦"
        " 也 使 令"
    ).split(" ")
) | frozenset(
    (
        "approximately about around roughly nearly almost over reach total amount record achiev post deliver report"
        " generat"
        " come stand compar year quarter month fiscal end period company grow grew grown growth rise rose increas"
        " decreas"
        " declin fell fall drop up down higher lower gain improv widen narrow expand percent percentage point basi"
        " bp million"
        " billion thousand trillion dollar u rmb usd us now also well continu strong result respectively same prior"
        " previou"
        " last current first second third fourth including includ account represent compris contribut share at we"
        " our which"
        " who whom approximate slightly significantly sharply modestly further still only just more less than level"
        " rate"
        " versu vs against from earlier ago expect will forecast estimate project outlook guidance target plan full"
        " quarterly"
        " annual annually overall consolidated ended three six nine twelve month week being become became remain"
        " stay ha wa"
        " increase decrease decline growth change declines and/or consolidat during within across according note see"
        " had having made make new one all both each per was were"
        " reflect primarily mainly yoy qoq non gaap adjust dure thi follow amounted base equal show shown put money"
        " behind"
        " january february march april may june july august september october november december jan feb mar apr jun"
        " jul aug"
        " sep oct nov dec held hold stood basis roughly hit saw see through under between employ work"
    ).split()
)
_PRINTED = {
    "xparentprofit": ("归母", "归属"), "xnetprofit": ("净利", "纯利", "net "),
    "xrevenue": ("收", "sales", "revenue", "销售", "turnover"),
    "xcapex": ("资本", "capex", "capital"), "xresearch": ("研", "r&d", "research"), "xprice": ("价", "price"),
    "xemployee": ("员工", "雇员", "职工", "employee", "headcount", "workforce", "staff"), "xshipment": ("出货", "ship"),
    "xmarketshare": ("份额", "市占", "share"), "xoperatingprofit": ("营业利润", "经营", "operating"),
    "xgrossmargin": ("毛利", "gross"), "xinflation": ("通胀", "通货"), "xeps": ("每股", "per share", "eps"),
    "xexpense": ("spen", "expen", "outlay"), "gdp": ("gdp", "生产总值", "经济增"),
    "cpi": ("cpi", "价格指数", "consumer price"),
}  # fmt: skip
_MEASURED_IN = frozenset("gw gwh mw mwh kw kwh wh gb tb km kg pct bps mm ton tonne barrel bn mn tn".split(" "))
_PLACES = re.compile(
    "美国|日本|英国|德国|法国|意大利|西班牙|欧元区|欧盟|欧洲|亚洲|非洲|拉美|中东|北美|南美|印度尼西亚|印尼|印度|韩国"
    "|越南|泰国|马来西亚|新加坡|菲律宾"
    "|俄罗斯|乌克兰|土耳其|巴西|墨西哥|阿根廷|智利|加拿大|澳大利亚|新西兰|沙特阿拉伯|沙特|阿联酋|伊朗|以色列|埃及"
    "|南非|尼日利亚|波兰|瑞士|瑞典|荷兰"
    "|爱尔兰|希腊|葡萄牙|香港|台湾|澳门|中国|东盟|金砖|发达经济体|新兴经济体|北京|上海|深圳|广东|江苏|浙江|山东|四川"
    "|Latin America|North America|Europe|Asia|United States|China|Japan"
)
_SCOPES = re.compile(
    "国内|海外|全球|世界|境内|境外|华东|华南|华北|华中|西北|西南|东北|母公司|合并|集团|分部|子公司|整体|行业|板块"
    "|International|Domestic|Consolidated|Segment|Parent|Group|Worldwide|Global"
)
_LATIN = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9.-]*[A-Za-z])[A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)*(?![A-Za-z0-9])")
_CAPITAL = re.compile(
    r"(?<=[a-z0-9,’'&] )(?!(?:Company|Our|We|The|Inc|Corp|Q[1-4]|FY|GAAP|Non|Note|Item|Board|Form|EBIT\w*|EPS|GAAP"
    r"|CEO|CFO|ADR|REVPAR|SG|OIBDA|ARPU|ROE|ROIC|Fiscal)\b)[A-Z][A-Za-z]{2,}"
)
_MEASURE_TITLE = re.compile(
    r"\b(?:Adjusted|Net|Total|Average|Operating|Gross|Free|Diluted|Basic|Core|Organic)(?: [A-Z][A-Za-z]+)+"
    r"|\b[A-Z]{3,}\b(?= margin)"
)
_UNITS = re.compile(
    r"^(?:\d.*)?(?:[GMKT]?W[hH]?|[GMKT]|[GTMK]B|[GTMK]b|km|kg|pct|bps?|yoy|qoq|x[a-z]+|E|A|F|Q\d|H\d|FY|USD|RMB|CNY|HK|US"
    r"|vs|to|and|of|by|in|[a-z])$"
)
_CJK = re.compile(f"[{CJK}]")
_MOVING = frozenset("增减升降涨跌强弱偏更收触冲")
_LITTLE = frozenset(
    "据为至较比占约近超达共各其该此每由向从以并但则仍还更最再又亿万元个家名人位年月日周季度末底上下中内外前后时点数量额率值增降升涨跌减股均单报录按计超逾约均即如若因故且而已未将被把给让使令"
)


@lru_cache(maxsize=20000)
def content(text: str) -> frozenset[str]:
    """The words of ``text`` that tell what is spoken of, without fillers, digits and words of change.

    Measures have one form each in both languages, beginning with "x".
    """
    for pattern, form in _SAME:
        text = pattern.sub(form, text)
    found = set()
    for word in words(text, whole=True):
        if word[0].isdigit() or word in _FILLING or (len(word) == 1 and not word.isascii()):
            continue
        if word.isascii() and (len(word) < 2 or word in _MEASURED_IN):
            continue
        found.add(word)
    return frozenset(found)


@lru_cache(maxsize=20000)
def names(text: str) -> frozenset[str]:
    """Places, companies, products and the like in ``text``, folded: what two things of one kind differ by."""
    found = {fold(match[0]) for match in _PLACES.finditer(text)}
    for pattern, _ in _SAME:
        text = pattern.sub(" ", text)
    if has_cjk(text):
        found |= {fold(m[0]) for m in _LATIN.finditer(text) if not _UNITS.match(m[0])}
        found |= {
            word for word in _joined(text) if is_uncommon(word) and word not in _FILLING and not _is_compound(word)
        }
    else:
        text = _MEASURE_TITLE.sub(" ", text)
        found |= {fold(match[0]) for match in _CAPITAL.finditer(text)}
    return frozenset(found)


@lru_cache(maxsize=20000)
def scopes(text: str) -> frozenset[str]:
    """Of what part of the whole ``text`` speaks: at home, abroad, the group, the parent."""
    return frozenset(fold(match[0]) for match in _SCOPES.finditer(text))


def _is_compound(word: str) -> bool:
    """Whether a rare word is made of common ones, as 云服务 of 服务, or says a movement, as 暴增: it is no name."""
    if len(word) == 2:
        return any(char in _MOVING for char in word)
    if len(word) == 3:
        return not (is_uncommon(word[1:]) and is_uncommon(word[:2]))
    return any(not is_uncommon(word[:at]) and not is_uncommon(word[at:]) for at in range(2, len(word) - 1))


def _joined(text: str) -> Iterator[str]:
    """The Chinese words of two characters and more, with single ones side by side as one: a name no dictionary has."""
    run = ""
    for word in (*words(text, whole=True), ""):
        if len(word) == 1 and _CJK.match(word) and word not in _LITTLE and run + word in text:
            run += word
            continue
        if run and word and _CJK.match(word) and run + word in text and len(word) > 1:
            yield run + word  # 曜川 and 能源: the name of a company
        elif len(run) > 1:
            yield run
        run = ""
        if len(word) > 1 and _CJK.match(word):
            yield word


def has_measure(found: frozenset[str]) -> bool:
    """Whether words of :func:`content` name a measure that is known."""
    return any(word in _PRINTED and word != "xexpense" for word in found)


def spellings(word: str) -> tuple[str, ...]:
    """The beginnings with which a word of :func:`content` may be printed."""
    return _PRINTED.get(word, (word,))


def weight(word: str) -> float:
    """How much a shared word says that two clauses speak of one thing."""
    if word.startswith("x") and word != "x" and word.isascii() and len(word) > 4:
        return 1.5 if word != "xexpense" else 1.0
    return 1.0 if len(word) > 1 else 0.3
