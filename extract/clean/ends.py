"""The first and last blocks of an extraction: the headline again, labels above the story, a heading without a part."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .blocks import Block, width

#: A label above the story (section, byline, time) is narrower and ends no sentence (columns: a Hangul or Han letter
#: takes two). Wider lines without a sentence's end are subheads, which tell of the event.
_LABEL = 30
_STORY = 60
_SENTENCE_END = re.compile(r"[.!?。…:：][\"'”’»」』)\]]*$|[다요죠까][.\"'”’]*$")


def trim_ends(blocks: list[Block], titles: Iterable[str]) -> list[Block]:
    """The blocks without any that only repeats one of `titles`, without labels above the first paragraph of the story
    and without headings at the end. Where no paragraph of a story is found, only the titles go."""
    heads = {_bare(title) for title in titles if title}
    kept = [block for block in blocks if _bare(block.text) not in heads]
    first = next((i for i, block in enumerate(kept) if _is_story(block)), None)
    if first is None:
        return kept
    kept = [block for i, block in enumerate(kept) if i >= first or not _is_label(block)]
    while kept and kept[-1].kind == "heading":
        kept.pop()
    return kept


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _is_story(block: Block) -> bool:
    return block.kind == "paragraph" and (width(block.text) >= _STORY or bool(_SENTENCE_END.search(block.text)))


def _is_label(block: Block) -> bool:
    return block.kind == "paragraph" and width(block.text) < _LABEL and not _SENTENCE_END.search(block.text)
