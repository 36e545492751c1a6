"""What the bot itself says in Slack, in Chinese and English."""

from index.types import Status

WORDS: dict[str, tuple[str, str]] = {  # key: (简体中文, English)
    "standalone": ("按此提问查找：{}", "Looked up as: {}"),
    "refusal": ("报告中没有找到答案", "The reports do not answer this"),
    "unsupported": ("以下内容在报告中没有依据，请核对：", "Not supported by the reports, please check:"),
    "conflict": ("报告中的说法不一致：{}", "The reports disagree: {}"),
    "sources": ("来源", "Sources"),
    "page": ("第 {} 页", "p. {}"),
    "see": ("看原页", "See page"),
    "see_of": ("看第 {} 条来源的原页", "See the page of source {}"),
    "good": ("有帮助", "Helpful"),
    "bad": ("有问题", "Not right"),
    "elsewhere": ("在其他报告中查找", "Search other reports"),
    "not_asked": (
        "答非所问？可以在其他报告中查找：",
        "Not what you asked? Other reports may have it:",
    ),
    "seconds": ("{} 秒", "{} s"),
    "title": ("标题", "Title"),
    "institution": ("机构", "Institution"),
    "date": ("日期", "Date"),
    "period": ("报告期", "Period"),
    "size": ("篇幅", "Length"),
    "pages": ("{} 页", "{} pages"),
    "one_page": ("1 页", "1 page"),
    "language": ("语言", "Language"),
    "zh": ("中文", "Chinese"),
    "en": ("英文", "English"),
    "copy": ("与 {} 内容相同，提问时只查其中一份。", "Same text as {}: questions search only one of them."),
    "remedy": ("怎么办：{}", "What to do: {}"),
    Status.ADDED: ("已读入", "Read and added"),
    Status.REPLACED: ("已更新，替换了同名的旧文件", "Updated: it replaces the older file of this name"),
    Status.UNCHANGED: ("已在库中，无需重读", "Already there, nothing to read again"),
    Status.FAILED: ("未能读入", "Could not be read"),
    Status.CANCELLED: ("已取消", "Cancelled"),
    "ask_now": ("现在可以就它提问。", "You can ask about it now."),
    "modal_title": ("反馈", "Feedback"),
    "send": ("发送", "Send"),
    "cancel": ("取消", "Cancel"),
    "why_bad": ("哪里有问题？", "What is not right?"),
    "why_good": ("好在哪里？", "What was good?"),
    "reason_wrong": ("答案错误", "The answer is wrong"),
    "reason_source": ("出处不对", "The sources do not say this"),
    "reason_missing": ("不完整", "Something is missing"),
    "reason_refused": ("报告里有答案，却说没有", "The reports do answer it"),
    "reason_not_asked": ("答非所问", "Not what I asked"),
    "reason_other": ("其他", "Something else"),
    "details": ("补充说明", "Details"),
    "correction": ("正确答案", "The right answer"),
    "correction_hint": ("会用于今后的评测，可留空。", "Helps to measure later versions. May be left empty."),
}


def word(key: str, language: str, value: object = "") -> str:
    """The text ``key`` in ``language`` ("zh" or "en"), ``value`` put into its gap."""
    return WORDS[key][language != "zh"].format(value)
