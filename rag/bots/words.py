"""What the bot says itself, in Chinese and English. Texts of one service's own parts are that service's."""

from index.types import Stage
from rag.bots.service import Language

_WORDS: dict[str, tuple[str, str]] = {  # key: (简体中文, English)
    "searching": ("正在查阅报告…", "Looking in the reports…"),
    "writing": ("找到 {} 处相关内容，正在写答案…", "Found {} passages, writing…"),
    "next": ("前面有 1 个问题正在回答…", "1 question is being answered before yours…"),
    "waiting": ("前面还有 {} 个问题…", "{} questions are before yours…"),
    "empty": (
        "请直接提问，例如“2024 年收入是多少？”，或把报告文件发给我。",
        "Ask me about the reports, such as “What was revenue in 2024?”, or send me a report file.",
    ),
    "no_reports": (
        "还没有可以查询的报告，请先把报告文件发给我。",
        "There are no reports to ask here yet: send me a report file.",
    ),
    "not_here": ("这个频道没有启用报告问答。", "Questions about reports are not switched on for this channel."),
    "too_many": (
        "提问过快：每分钟最多 {} 条消息，请稍后再试。",
        "Too fast: at most {} messages a minute. Please ask again a little later.",
    ),
    "broken": (
        "出了问题（编号 {}），请把编号告诉管理员。",
        "Something went wrong (id {}). Tell it to whoever runs the bot.",
    ),
    "gave_up": (
        "没能回答完，请再问一次。",
        "This could not be answered to the end. Please ask it again.",
    ),
    "fetching": ("正在下载 {}…", "Fetching {}…"),
    Stage.READING: ("正在读 {0}：第 {1} / {2} 页", "Reading {0}: page {1} of {2}"),
    Stage.OCR: ("正在识别 {0} 的图片：第 {1} / {2} 页", "Reading {0} by OCR: page {1} of {2}"),
    Stage.EMBEDDING: ("正在处理 {0}：{1} / {2}", "Working on {0}: {1} of {2}"),
    Stage.STORING: ("正在保存 {0}…", "Storing {0}…"),
    "page": ("第 {} 页", "p. {}"),
    "invite": ("请先把机器人加入这个频道。", "Invite the bot to this channel first."),
    "no_uploads": ("这里没有启用文件读入。", "Reading files is not switched on here."),
    "no_others": ("没有其他报告可查。", "There are no other reports to search."),
    "gone": ("这条答案已不在记录中。", "This answer is no longer on record."),
    "no_source": ("这条答案没有这个来源。", "This answer has no such source."),
    "thanks": ("谢谢，已记录。", "Thank you, noted."),
}


def say(key: str, language: Language, *values: object) -> str:
    """The text ``key`` in a language, ``values`` put into its gaps."""
    return _WORDS[key][language != "zh"].format(*values)
