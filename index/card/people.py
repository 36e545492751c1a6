"""Who wrote a report: names beside or under words like 分析师, 作者, Analyst, By."""

import re
from collections.abc import Iterable, Iterator

from index.card.face import Face, Piece
from index.text import has_cjk

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜"
    "阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇"
    "邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司"
    "韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏"
    "柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠"
    "须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴归海晋楚闫法汝鄢涂钦商牟佘佴伯赏墨哈谯笪年爱阳佟言福付肖代覃初粟"
)
_DOUBLE = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "宇文",
    "长孙",
    "司徒",
    "夏侯",
)
_NOT_NAMES = re.compile(
    "分析|研究|助理|证书|执业|编号|邮箱|电话|联系|行业|报告|公司|证券|首席|作者|金融|经济|策略|宏观|小组|团队"
    "|部门|周报|"
    "市场|投资|中国|评级|登记|相关|要点|目录|时间|日期|资格|职务|方向|来源|数据|全球|产业|科技|通信|传真|地址"
    "|邮编|邮件|"
    "姓名|从业|高级|资深|主管|经理|总监|成员|组长|指数|价格|总股本|市值|说明|单位|文件|广告|国家|家电|石化|农业"
    "|商贸|都市|"
    "安全|高端|管理|能源|计算|于是|应用|金属|石油|房地|水泥|国际|有色|白酒|白电|食品|汽车|医药|电子|军工|机械"
    "|银行|传媒|环保"
)
_SAC = r"(?:SAC|从业|投资咨询|S\d{6,}|执业|登记编号|证书|资格|中央编号|SFC|CE)"
_LABEL = re.compile(
    r"^(?:(?:本报告|报告|证券|首席|联席|高级|资深|行业|主要|固收|宏观|策略)*"
    r"(?:分析师|经济学家|研究员|作者|撰稿人?|撰写人?|执笔人?|主笔|课题组(?:成员|组长)?|课题负责人|负责人|编写人?)"
    r"|研究助理|(?:副 ?)?组 ?长|成 ?员)"
    r"(?: ?[(][^)]*[)])?(?P<colon> ?[:/|] ?| +|$)"
)
_ENGLISH_LABEL = re.compile(
    r"^(?:(?:lead|senior|research|equity|chief|associate|primary|covering|credit) )*"
    r"(?:analysts?|economists?|authors?|written by|prepared by|contributors?|by|from)(?P<colon> ?[:|] ?| +|$)",
    re.IGNORECASE,
)
_SKIPPED = re.compile(
    rf"^(?:{_SAC}|[\w.+-]+@|邮箱|邮件|e-?mail|电话|tel|phone|传真|[+(]?\d[\d ()+-]{{5,}}|.{{0,12}}编号"
    rf"|.*\.(?:com|cn|example)\b)",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?P<name>(?:Dr\.? |Prof\.? )?[A-Z][a-z’'-]+(?:[A-Z][a-z]+)?(?: [A-Z]\.)*(?: (?:de|van|von|der|la|del|bin|al))*"
    r"(?: [A-Z][A-Za-z’'-]+){1,2}|[A-Z]\. [A-Z][a-z]+)(?P<degree>(?:,? (?:CFA|CPA|CAIA|FRM|MBA|ACA|Ph\.? ?D\.?"
    r"|M\.?D\.?))*)"
)
_DEGREE = re.compile(r", ?(?:CFA|CAIA|FRM|CPA)\b")
_NOT_PERSON = re.compile(
    r"(?i)\b(?:department|llp|llc|lp|ltd|plc|corp|corporation|advisory|consulting|ministry|university|institute|dear|"
    r"team|office|committee|research|group|inc|analysts?|report|capital|securities|bank"
    r"|limited|company|"
    r"markets?|equity|global|investment|contacts?|relations|the|sales|head|director|chief|officer|manager|associate|"
    r"partners|services|division|strategy|economics|technology|annual|quarter|rating|price|target|finance|board|review|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|new|united|york|london)\b"
)


def authors(face: Face, metadata_author: str) -> tuple[str, ...]:
    """The names printed as the report's authors, in order. The document's metadata alone names nobody.

    The author in the metadata is often who made the file, so it counts only when the name also stands alone on the
    first pages.
    """
    found: list[str] = []
    for piece in face.front:
        for name in _labelled(face, piece):
            if name not in found:
                found.append(name)
    if not found:
        found = [name for piece in face.front for name in _certified(piece)]
    if not found:
        found = [name for index, piece in enumerate(face.cover) for name in _with_degree(face.cover, index)]
    if not found and metadata_author:
        names = _names(metadata_author)
        alone = {name for piece in face.front for name in _names(piece.plain)}
        found = [name for name in names if name in alone]
    return tuple(dict.fromkeys(found))


def _labelled(face: Face, piece: Piece) -> Iterator[str]:
    match = _LABEL.match(piece.plain) or _ENGLISH_LABEL.match(piece.plain)
    if not match:
        return
    chinese = has_cjk(match[0])
    english_word = match[0].strip(" :|").lower()
    rest = piece.plain[match.end() :]
    here = _names(rest)
    if rest.strip() and not here:
        return
    if not chinese and english_word in {"by", "from"} and not here:
        return
    yield from here
    if not here:
        beside = face.right(piece)
        if beside and _names(beside.plain):
            yield from _names(beside.plain)
            piece = beside
    bottom = piece.box.bottom
    for under in face.below(piece):
        if under.box.top - bottom > 2.2 * piece.size:
            return
        names = _names(under.plain)
        if names and (here == [] or chinese):
            yield from names
        elif not _SKIPPED.match(under.plain):
            return
        bottom = under.box.bottom


def _certified(piece: Piece) -> Iterable[str]:
    """A name followed by the number of its licence, with no word before it that says what it is."""
    match = re.match(rf"^(?P<name>\S{{2,4}}|\S \S) ?[(:,|]? ?(?:{_SAC})", piece.plain)
    return _names(match["name"]) if match else ()


def _with_degree(pieces: tuple[Piece, ...], index: int) -> list[str]:
    """Names of which one carries a degree of the trade ("Marian Oakes, CFA"), unless somebody to contact is named."""
    before = " ".join(piece.plain for piece in pieces[max(0, index - 3) : index + 1])
    if not _DEGREE.search(pieces[index].plain) or re.search(r"(?i)contact|relations|media|press", before):
        return []
    return _names(pieces[index].plain)


def _names(text: str) -> list[str]:
    """The names in a text that holds nothing else (degrees, licences, places in brackets and addresses aside)."""
    text = re.split(rf"\s*[(]?(?:{_SAC})|\s+[\w.+-]+@|\s*(?:邮箱|电话|Tel)", text)[0]
    text = re.sub(r"[(\[【][^)\]】]{0,24}[)\]】]?", " ", text).strip(" :,;|/、*")
    if not has_cjk(text):
        return _english_names(text)
    tokens = [token for token in re.split(r"[ ,;、/|]+", text) if token]
    names: list[str] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if len(token) == 1 and index + 1 < len(tokens) and len(tokens[index + 1]) <= 2:
            token += tokens[index + 1]  # a short name spaced out to the width of the others
            index += 1
        if not _is_chinese_name(token):
            return []
        names.append(token)
        index += 1
    return names


def _is_chinese_name(token: str) -> bool:
    longest = 4 if token.startswith(_DOUBLE) else 3
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,4}", token) or len(token) > longest:
        return False
    return (token[0] in _SURNAMES or token.startswith(_DOUBLE)) and not _NOT_NAMES.search(token)


def _english_names(text: str) -> list[str]:
    names = []
    for part in re.split(r" and | & |;|/|\||, (?!CFA|CPA|CAIA|FRM|MBA|ACA|Ph|M\.?D)", text):
        if not part.strip():
            continue
        match = _NAME.fullmatch(part.strip())
        if not match or _NOT_PERSON.search(match["name"]) or match["name"].isupper():
            return []
        names.append(match["name"])
    return names
