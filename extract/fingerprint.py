"""Fingerprints of a text: an exact one, and a 64-bit simhash whose distance grows with the difference of two texts."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib

import numpy as np
import numpy.typing as npt

#: Words a shingle. One changed word touches this many shingles.
_WIDTH = 3
#: Bits that may differ between near-duplicates. Among all pairs of the two streams of ../shared/data/news every pair
#: within 8 bits shares most of its words; at 9 the first pair that does not appears, from 12 on they are unrelated.
NEAR_BITS = 8
_WORD = re.compile(r"[^\W_]+")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_BITS = np.arange(64, dtype=np.uint64)


def normalised(text: str) -> str:
    """The text as fingerprints see it: NFKC, case folded, words parted by one blank, punctuation gone."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def text_hash(text: str) -> str:
    """BLAKE2b of the normalised text, 32 hexadecimal digits; spacing, case and punctuation make no difference."""
    return hashlib.blake2b(normalised(text).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def simhash(text: str) -> int:
    """The 64-bit simhash over runs of three words of the normalised text, 0 for a text without a word.

    Charikar 2002, with one vote per distinct shingle. The same in every process and on every machine.
    """
    words = normalised(text).encode("utf-8", "surrogatepass").split()
    if not words:
        return 0
    codes = np.fromiter((zlib.crc32(word) for word in words), dtype=np.uint64, count=len(words))
    if len(codes) >= _WIDTH:
        runs = np.lib.stride_tricks.sliding_window_view(codes, _WIDTH)
    else:
        runs = codes.reshape(1, -1)
    mixed = np.zeros(len(runs), dtype=np.uint64)
    for column in range(runs.shape[1]):
        mixed = _mix(mixed * _MULTIPLIER + runs[:, column])
    votes = ((np.unique(mixed)[:, None] >> _BITS) & np.uint64(1)).mean(axis=0)
    return int(np.bitwise_or.reduce(np.where(votes > 0.5, np.uint64(1) << _BITS, np.uint64(0))))


def _mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of splitmix64: every input bit reaches every output bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def near(a: int, b: int) -> bool:
    """Whether two simhashes differ in at most `NEAR_BITS` bits. A text without words (0) is near nothing."""
    return a != 0 and b != 0 and (a ^ b).bit_count() <= NEAR_BITS
