"""The thread of a text's dates: what "the same day", "that year" or "the day before" refer to as one reads on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from extract.dates.calendar import When, exists

_BREAK = re.compile(r"(?<=[^\d\s])[.!?][\"'”’)]*\s|\n")

#: A month named again within so many sentences is of the same year as before.
_SAME_STORY = 3
#: Further back than so many sentences, a day named is no longer the one that 이날 points to.
_NEAR = 2


@dataclass(slots=True)
class Thread:
    """The mentions read so far in one text. `published` is the publication day or None."""

    text: str
    published: date | None
    day: date | None = None
    month: When | None = None
    year: int | None = None
    last: When | None = None
    day_end: int = 0
    last_end: int = 0
    #: The first day named that is publication's or the one before: the day of the news.
    news: date | None = None

    def note(self, when: When, end: int, *, named: bool = True) -> None:
        """Remember a resolved mention that ends at `end`; `named` is False for one that itself only points back."""
        self.last, self.last_end = when, end
        self.year = when.year
        if when.month:
            self.month = When(when.year, when.month)
        if when.day and named:
            self.day, self.day_end = when.first(), end
            if self.news is None and self.published and 0 <= (self.published - self.day).days <= 1:
                self.news = self.day

    def same_sentence(self, since: int, start: int) -> bool:
        """Whether no sentence ends between the two offsets."""
        return _BREAK.search(self.text, since, start) is None

    def sentences_since(self, since: int, start: int) -> int:
        """How many sentences end between the two offsets."""
        return sum(1 for _ in _BREAK.finditer(self.text, since, start))

    def month_again(self, month: int, day: int, start: int) -> When | None:
        """That day of the month the text named in the last sentences, if it is the same month of an earlier year."""
        if (
            self.month is None
            or self.month.month != month
            or (self.published and self.month.year == self.published.year)
        ):
            return None
        if self.sentences_since(self.last_end, start) > _SAME_STORY:
            return None
        return When(self.month.year, month, day) if exists(self.month.year, month, day) else None

    def this_day(self, start: int) -> date | None:
        """What 이날 at `start` points to: the last day named, or, where that is far back or the subject has changed
        (한편 이날), the day of the news."""
        aside = self.text[max(0, start - 6) : start].rstrip(" ,").endswith("한편")
        if self.news and (aside or self.sentences_since(self.day_end, start) > _NEAR):
            return self.news
        return self.reference_day()

    def reference_day(self) -> date | None:
        """The last day the text named, else the publication day."""
        return self.day or self.published
