"""How many people something happened to, as a text says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal["killed", "injured", "held", "missing", "rescued", "arrested", "victims", "casualties", "other"]
#: What the table counts people for.
Harm = Literal["killed", "injured", "held", "missing"]


@dataclass(frozen=True, slots=True)
class CountMention:
    """`low` and `high` are people; both None where the text gives no number (수십 명, dozens), 0 where it says none.

    `total` marks a running total (숨진 사람은 모두 5명으로 늘었다, the death toll rose to 15), `new` an addition.
    `approximate`: "at least", 약, 여. `implied`: a single person and what befell them, without a numeral.
    `of_attackers`: the people counted are suspects. `subject` is the span of the words for them, where there are any.
    """

    start: int
    end: int
    text: str
    low: int | None
    high: int | None
    what: What
    sentence: int
    total: bool = False
    new: bool = False
    approximate: bool = False
    implied: bool = False
    of_attackers: bool = False
    subject: tuple[int, int] | None = None
