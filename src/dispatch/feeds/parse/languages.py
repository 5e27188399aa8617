"""The language of a text whose feed does not say, by its script or its smallest words."""

import re
from collections import Counter

# Words that nearly every paragraph has; one may stand under several languages.
_SMALL_WORDS = {
    "ca": "el la els les de i que en un una per amb no del és com més però sobre aquest aquesta al "
    "dels són ha ser seva a o altres",
    "de": "der die das und ist nicht ein eine einen mit von auf für sich auch den dem des wird im "
    "zu wie bei nach über oder wir sie aus sind noch war als an",
    "en": "the of and to in is that it for with was as on be are this by from or have an not but "
    "what which you we they at has can will how",
    "es": "el la los las de que y en un una por con para es se del al como más no su pero lo sobre "
    "este esta son ha muy también",
    "fr": "le la les des et est une un que qui dans pour pas sur avec ce cette plus au aux par ne "
    "se nous vous du de en son ses sont ou mais",
    "it": "il lo la gli le di che e è un una per con non del della dei nel nella sono si come più "
    "anche da al alla ma questo questa",
    "nl": "de het een en van is dat niet op te voor met zijn aan er ook als bij naar maar om door "
    "wordt uit dan nog wij deze hebben in",
    "pt": "o a os as de que e em um uma para com não do da dos das no na se por mais como mas ao "
    "foi são é também muito",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)

# Scripts that one language has to itself, as the web is written. Cyrillic and Arabic have several.
_SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
}
_WORD = re.compile(r"[^\W\d_]+")
_FOREIGN = re.compile(r"[\u0370-\u03ff\u0590-\u05ff\u0e00-\u0e7f\u3040-\u30ff\u4e00-\ud7af]")
_NEAR = 1_000  # characters that are looked at
_ENOUGH = 6  # small words; a title alone seldom has them
_DIFFERENT = 4  # of them


def guess_language(text: str) -> str:
    """The language a text is surely in, such as `fr`; empty where it may be another.

    Known are Catalan, Chinese, Dutch, English, French, German, Greek, Hebrew, Italian, Japanese,
    Korean, Portuguese, Spanish and Thai.

    >>> guess_language("What we have seen of the machines is not what they are.")
    'en'
    >>> guess_language("Tout va bien.")
    ''
    """
    near = text[:_NEAR]
    words = _WORD.findall(near.lower())
    letters = sum(map(len, words))
    if len(_FOREIGN.findall(near)) * 2 > letters:
        return _by_script(near, letters)
    hits: Counter[str] = Counter()
    different: Counter[str] = Counter()
    for word, times in Counter(words).items():
        for language in _LANGUAGES_OF.get(word, ()):
            hits[language] += times
            different[language] += 1
    if not hits:
        return ""
    (first, most), (_, next_most) = [*hits.most_common(2), ("", 0)][:2]
    sure = most >= _ENOUGH and different[first] >= _DIFFERENT and most * 2 >= next_most * 3
    return first if sure else ""


def _by_script(text: str, letters: int) -> str:
    shares = {language: len(script.findall(text)) for language, script in _SCRIPTS.items()}
    if shares["ja"] * 10 > letters:  # much of Japanese is written in the signs of Chinese
        return "ja"
    language = max(shares, key=lambda one: shares[one])
    return language if letters >= _ENOUGH and shares[language] * 2 > letters else ""
