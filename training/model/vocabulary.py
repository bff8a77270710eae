"""The bilingual tokenizer: cased WordPiece whose Korean pieces stop where morphemes stop.

A Korean word carries its particles (서울에서 = 서울 + 에서) and a name ends inside the word. WordPiece trained on raw
words learns pieces that cross that border, and a tag then cannot end there. So Korean text is cut into morphemes first
(Kiwi), pieces are learned from those, and a piece that stands inside words gets its "##" form as well (KLUE's
morpheme-based subwords, Park et al. 2021, section 4.1). Run time needs no morphology: greedy longest match.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

if TYPE_CHECKING:
    from kiwipiepy import Kiwi

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
#: A piece met inside words this often gets its "##" form.
INNER_MINIMUM = 20

#: The syllables of KS X 1001, which is what EUC-KR can write.
SYLLABLES = [chr(c) for c in range(0xAC00, 0xD7A4) if len(chr(c).encode("euc_kr", "ignore")) == 2]


def morphemes(kiwi: Kiwi, sentences: Iterable[str]) -> Iterator[list[list[str]]]:
    """Per sentence its words, each a list of surface morphemes (joined they are the word again)."""
    batch = list(sentences)
    for sentence, tokens in zip(batch, kiwi.tokenize(batch), strict=True):
        cuts = {token.start for token in tokens}
        words, at = [], 0
        for word in sentence.split():
            start = sentence.index(word, at)
            at = start + len(word)
            inner = [start, *sorted(c for c in cuts if start < c < at), at]
            words.append([sentence[a:b] for a, b in pairwise(inner)])
        yield words


def _split(tokenizer: Tokenizer, text: str) -> list[str]:
    return [piece for piece, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(text))]


def empty_tokenizer(vocabulary: dict[str, int]) -> Tokenizer:
    """A cased BERT-style WordPiece tokenizer over `vocabulary`, offsets into the text as given."""
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False, handle_chinese_chars=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def learn(texts: Iterable[Sequence[str]], size: int) -> list[str]:
    """WordPiece pieces of ready-split words, at most `size`, without the special ones."""
    tokenizer = empty_tokenizer({t: i for i, t in enumerate(SPECIALS)})
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, special_tokens=list(SPECIALS), limit_alphabet=2200, show_progress=False
    )
    tokenizer.train_from_iterator((" ".join(words) for words in texts), trainer)
    return [p for p, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1]) if p not in SPECIALS]


def build(
    korean: Sequence[str], english: Sequence[str], *, korean_size: int = 7000, english_size: int = 7500
) -> PreTrainedTokenizerFast:
    """The tokenizer learned from open Korean and English sentences, ready to be saved in the Hugging Face layout."""
    from kiwipiepy import Kiwi  # only learning a vocabulary needs morphology; a GPU machine may lack it

    kiwi = Kiwi(num_workers=1)
    cut: list[list[list[str]]] = []
    for at in range(0, len(korean), 2000):
        cut.extend(morphemes(kiwi, korean[at : at + 2000]))
    korean_pieces = learn(([m for word in words for m in word] for words in cut), korean_size)
    inner = Counter(m for words in cut for word in words for m in word[1:])
    inner.update(m[i : i + 1] for words in cut for word in words for m in word for i in range(1, len(m)))
    korean_pieces += [f"##{p}" for p in korean_pieces if not p.startswith("##") and inner[p] >= INNER_MINIMUM]
    korean_pieces += [p[2:] for p in korean_pieces if p.startswith("##") and len(p) == 3]
    pieces = with_every_syllable([*SPECIALS, *korean_pieces, *learn(([s] for s in english), english_size)])
    return wrap(empty_tokenizer({piece: number for number, piece in enumerate(pieces)}))


def with_every_syllable(pieces: Iterable[str]) -> list[str]:
    """The pieces and then both forms of every single character among them and of the 2,350 syllables of KS X 1001.

    One unknown syllable would hide its whole word, and foreign names are where the rare syllables are.
    """
    kept = dict.fromkeys(pieces)
    single = [p.removeprefix("##") for p in kept if len(p.removeprefix("##")) == 1 and p.removeprefix("##").isalnum()]
    for character in [*single, *SYLLABLES]:
        kept.setdefault(character)
        kept.setdefault(f"##{character}")
    return list(kept)


def wrap(tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    """The tokenizer with BERT's frame of [CLS] and [SEP], as transformers loads it."""
    vocabulary = tokenizer.get_vocab()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(t, vocabulary[t]) for t in ("[CLS]", "[SEP]")]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=512,
    )


def load(folder: Path) -> PreTrainedTokenizerFast:
    """The tokenizer saved in `folder`."""
    return PreTrainedTokenizerFast.from_pretrained(folder)
