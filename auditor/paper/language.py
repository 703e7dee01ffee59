"""A guess at the language of a text, from the share of its most frequent words."""

from __future__ import annotations

import re
from collections import Counter

# The words that make up a tenth to a third of any running text in the language, without those that several share.
_FREQUENT = {
    "en": "the of and to is that for with are this we by be as from which our can not it",
    "de": "der die und das ist nicht mit den von zu auf eine werden wird dem sich auch bei für einen",
    "fr": "les des est une dans que pour par sur nous avec sont aux cette qui pas ces plus être ou",
    "es": "los las del una que por para con como más este esta son entre sus pero cada sobre ser han",
    "pt": "os das uma que não para com como mais são pelo pela dos entre também foram nos ao seu ou",
    "it": "che della il per una con sono del nel alla più delle gli questo come dei anche essere tra di",
    "nl": "het een van niet dat zijn voor met wordt worden deze door aan ook bij naar maar uit wij als",
    "pl": "nie się jest jako przez oraz dla które może być tym jest ich został który przy od więc lub tego",
    "tr": "ve bir bu için ile olarak daha olan gibi çok her sonra kadar ise değil göre arasında veya en ne",
    "id": "yang dan dengan untuk dari pada adalah ini dalam tidak oleh sebagai akan atau dapat juga telah ke",
}
_WORDS = {language: frozenset(words.split()) for language, words in _FREQUENT.items()}
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LIMIT = 200_000


def language(text: str) -> str:
    """Return the ISO 639-1 code of the running text, `und` where it cannot be told.

    A language is named when its frequent words are at least 8% of all words and half as many again as those of any
    other; a script other than Latin is named when a quarter of the letters belong to it.
    """
    text = text[:_LIMIT].casefold()
    letters = sum(map(str.isalpha, text))
    if letters < 200:
        return "und"
    for code, script in _SCRIPTS:
        share = len(script.findall(text)) / letters
        if share > (0.1 if code == "ja" else 0.4 if code == "el" else 0.25):
            return code
    words = Counter(_WORD.findall(text))
    total = sum(words.values())
    if not total:
        return "und"
    shares = sorted(((sum(words[w] for w in known) / total, code) for code, known in _WORDS.items()), reverse=True)
    (best, code), (second, _) = shares[0], shares[1]
    return code if best >= 0.08 and best >= 1.5 * second else "und"


NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "pt": "Portuguese", "it": "Italian",
    "nl": "Dutch", "pl": "Polish", "tr": "Turkish", "id": "Indonesian", "ja": "Japanese", "ko": "Korean",
    "zh": "Chinese", "ru": "Russian", "ar": "Arabic", "el": "Greek",
}  # fmt: skip
"""What the languages are called in English."""
