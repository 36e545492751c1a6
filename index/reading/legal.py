"""Legal text by its words: disclaimers and forward-looking statements, also on pages whose headings do not say so."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.text import join
from index.types import Block, BlockKind, Page

_PHRASES = re.compile(
    r"不构成.{0,12}(?:建议|要约|邀请|承诺|保证)|(?:要约|要约邀请)|证券投资咨询业务资格|本(?:研究)?报告.{0,12}版权"
    r"|版权.{0,8}所有|未经.{0,14}(?:授权|许可|同意)|不(?:承担|负).{0,12}责任|仅供.{0,10}(?:参考|使用)"
    r"|不作.{0,10}(?:保证|担保)|收件人|利益冲突|独立.{0,4}客观"
    r"|(?:翻版|复制|转发|转载|刊登|刊发|引用).{0,10}(?:翻版|复制|转发|转载|刊登|刊发|引用|修改)"
    r"|不会?.{0,6}与.{0,20}(?:报酬|薪酬|推荐意见).{0,10}(?:联系|挂钩|相关)"
    r"|(?:不应|不得|不可).{0,12}(?:依赖|视为|作为).{0,16}(?:依据|建议|因素|客户)"
    r"|forward-looking (?:statement|information)|undertakes? no (?:obligation|duty)"
    r"|disclaims? any (?:obligation|intention)|private securities litigation reform act|safe harbor"
    r"|actual results.{0,60}differ|past performance|no (?:representation|warranty|liability)"
    r"|not? (?:constitute|intended as|be construed as|be relied upon).{0,60}"
    r"(?:advice|offer|solicitation|recommendation)"
    r"|without (?:the )?(?:prior )?(?:express )?written (?:consent|permission)"
    r"|accepts? no (?:responsibility|liability)|views expressed.{0,60}(?:analyst|personal)",
    re.IGNORECASE,
)
_LATE = 0.7  # share of a report after which whole pages may be legal text


def mark_legal(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages with their legal paragraphs as DISCLAIMER blocks.

    A paragraph is legal text when two different phrases of that trade stand in it. The last pages of a report are legal
    text as a whole when most of their running text is.
    """
    marked = []
    listed: float | None = None  # where a legal paragraph that opens a list begins, in points
    for number, page in enumerate(pages, 1):
        legal = [_is_legal(block) for block in page.blocks]
        texts = [len(_text(block)) if block.kind is BlockKind.PARAGRAPH else 0 for block in page.blocks]
        share = sum(size for size, is_legal in zip(texts, legal, strict=True) if is_legal) / max(1, sum(texts))
        whole = share >= 0.5 and number > _LATE * len(pages) and sum(legal) >= 2
        blocks = []
        for block, is_legal in zip(page.blocks, legal, strict=True):
            item = listed is not None and block.kind is BlockKind.PARAGRAPH and block.lines[0].box.x0 > listed + 6
            if block.kind is BlockKind.PARAGRAPH and (whole or is_legal or item):
                blocks.append(replace(block, kind=BlockKind.DISCLAIMER))
                if not item:
                    opens = is_legal and _text(block).rstrip().endswith((":", "："))
                    listed = block.lines[0].box.x0 if opens else None
            else:
                blocks.append(block)
                listed = listed if block.kind is BlockKind.RUNNING else None
        marked.append(replace(page, blocks=tuple(blocks)))
    return tuple(marked)


def _is_legal(block: Block) -> bool:
    if block.kind is not BlockKind.PARAGRAPH:
        return False
    found = {re.sub(r"\W", "", match[0]).lower()[:5] for match in _PHRASES.finditer(_text(block))}
    return len(found) >= 2


def _text(block: Block) -> str:
    text = ""
    for line in block.lines:
        text = join(text, line.text)
    return text
