"""What a rule says a phrase means, before the time of day beside it is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from extract.dates.calendar import When
from extract.dates.mention import Kind
from extract.dates.thread import Thread


@dataclass(frozen=True, slots=True)
class Meaning:
    """`when` to `last` is the time meant; `anchor` tells whether later words such as "the same day" may point to it."""

    when: When | None = None
    last: When | None = None
    kind: Kind = "point"
    relative: bool = False
    part: str | None = None
    rule: str | None = None
    anchor: bool = True


#: Takes the match of its rule and the thread; returns None where the shape is not a date after all.
Handler = Callable[[re.Match[str], Thread], Meaning | None]
