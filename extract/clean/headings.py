"""Cuts the parts of a page that retell or comment on its story: Synopsis, Key Takeaways, Point of View, FAQ."""

from __future__ import annotations

from functools import lru_cache

from .blocks import Block, from_lines, width
from .rules import CleanRules
from .table import read_table

#: A heading is no longer than this; a paragraph of the story is longer than that (columns).
_HEADING = 60
_STORY = 80
_SENTENCE_END = (".", "!", "?", "”", '"', "。", "다", "요", "”.", ")")


@lru_cache(maxsize=64)
def _reaches(rules: CleanRules) -> dict[str, str]:
    table: dict[str, str] = {}
    if rules.general_headings:
        for row in read_table("headings.tsv", ("match", "reach", "note")):
            reach = row.one_of("reach", ("box", "end", "links"))
            table.update(dict.fromkeys(map(_key, row.many("match")), reach))
    table.update(dict.fromkeys(map(_key, rules.cut_headings), "end"))
    return table


def _key(text: str) -> str:
    return " ".join(text.split()).strip(" :：?[]<>■▶◆●#").casefold()


def prune_text(text: str, rules: CleanRules | None = None) -> str:
    """Plain text, one paragraph a line, without the parts that headings.tsv and `rules.cut_headings` name.

    Text in which nothing but such parts stands is returned as it is.
    """
    return "\n".join(block.text for block in prune_blocks(from_lines(text.splitlines()), rules or CleanRules()))


def prune_blocks(blocks: list[Block], rules: CleanRules) -> list[Block]:
    """The blocks without the parts that headings.tsv and `rules.cut_headings` name; all of them where no story is left.

    Above the story a named heading takes the items behind it, and, up to the next named heading, whatever stands
    between (a summary in sentences); behind the story it takes what its `reach` says.
    """
    reaches = _reaches(rules)
    kept: list[Block] = []
    story = False
    index = 0
    while index < len(blocks):
        block = blocks[index]
        reach = reaches.get(_key(block.text)) if width(block.text) <= _HEADING else None
        if reach is None:
            kept.append(block)
            story = story or (block.kind == "paragraph" and width(block.text) > _STORY)
            index += 1
        elif reach == "end" and story:
            index = _end_of_part(blocks, index)
        else:
            index = _end_of_box(blocks, index, reaches, reach, story)
    return kept if any(width(block.text) > _HEADING for block in kept) else blocks


def _end_of_part(blocks: list[Block], index: int) -> int:
    level = blocks[index].level
    for position in range(index + 1, len(blocks)):
        other = blocks[position].level
        if level is not None and other is not None and other < level:
            return position
    return len(blocks)


def _end_of_box(blocks: list[Block], index: int, reaches: dict[str, str], reach: str, story: bool) -> int:
    position = index + 1
    while position < len(blocks) and (
        blocks[position].kind == "item" or (reach == "links" and _is_link(blocks[position]))
    ):
        position += 1
    if position == index + 1 and not story and reach != "links":
        for ahead in range(position, min(position + 4, len(blocks))):
            if _key(blocks[ahead].text) in reaches:
                return ahead
    return position


def _is_link(block: Block) -> bool:
    return block.kind != "heading" and width(block.text) <= 120 and not block.text.endswith(_SENTENCE_END)
