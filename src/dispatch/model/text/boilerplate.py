"""What programs add to an author's words: "appeared first on", "Thanks for reading", "[…]".

Each is known by a sentence that only such a program writes, in the languages into which it is
translated; it is looked for at the end, where they all put it. Only Substack's box may be anywhere.
"""

import re
from functools import cache

from dispatch.model.text.cutting import ELLIPSIS

_FAR = 1_200  # characters from the end in which such things begin
_MOST = 8  # of them, one after the other
_NO_STOP = r"[^.!?…]"
_START = r"(?:^|(?<=[\s。！？]))"

_NO_NAME = r"(?! (?:an?|the|this|that|my|our|your|his|her|their|page)\b)"
# WordPress with Yoast SEO: the post's title and the blog's name may have stops in them.
_FIRST_ON = (
    ("appeared first", "The post", rf"appeared first on{_NO_NAME}"),
    # As people say it, too: of a thing with a small letter, which a title has not.
    ("first appeared", r"The post(?! [a-z])", rf"first appeared on{_NO_NAME}"),
    ("zuerst auf", "(?:Der|Dieser) (?:Beitrag|Artikel)", "erschien zuerst auf"),
    ("en premier sur", "(?:[LlD]['’]|Cet )article", "est apparu en premier sur"),
    ("primero en", "(?:La|Esta) entrada", "(?:se publicó|aparece|apareció) primero en"),
    ("articolo", "(?:L['’]|Questo )articolo", "(?:proviene da|sembra essere il primo su)"),
    ("primeiro em", "O post", "apareceu primeiro em"),
    ("eerst op", "Het bericht", "verscheen eerst op"),
    ("primeiro em", "O conteúdo", "aparece primeiro em"),
    ("serwisu", "Artykuł", "pochodzi z serwisu"),
    ("först upp på", "Inlägget", "dök först upp på"),
    ("først", "(?:Indlægget|Innlegget)", "(?:blev først udgivet|dukket først opp) på"),
    ("сначала на", "(?:Сообщение|Запись)", "появил(?:ись|ась|ось) сначала на"),
)
# Medium, which translates nothing, and those who say the same in fewer words of a post: what is
# said of a book is its author's.
_PUBLISHED_IN = (
    rf"(?:{_NO_STOP}{{0,200}}?was originally published in .{{1,200}} on Medium, where people .*|"
    r"This (?:post|article|blog post|entry) (?:(?:was|is) )?(?:originally|first) "
    r"(?:appeared|published) (?:on|at) (?![A-Z][a-z]+ \d|[A-Z][a-z]+day\b)[A-Z].{1,200})"
)
# Reddit and Hacker News, in place of a text.
_SUBMITTED = r"submitted by\s+/u/\S+(?:\s+to\s+r/\S+)?\s*\[link\]\s*\[comments\]"
_NEWS_ITEM = r"Article URL: \S+ Comments URL: \S+ Points: \d+ # Comments: \d+"

_READ = (
    *("(?:Read|See|View) more", "(?:Continue|Keep) reading", "Read (?:on|it here|the rest)"),
    "Read (?:the )?(?:full|whole|entire|original) (?:article|post|story|entry|text|piece)",
    "Click here to (?:read|continue)(?: reading| more| on)?",
    *("Weiterlesen", "Weiter lesen", "Mehr lesen", "Lesen Sie (?:hier )?(?:weiter|mehr)"),
    "(?:Den )?(?:[Gg]anzen|[Vv]ollständigen) (?:Artikel|Beitrag|Text) lesen",
    *("Lire (?:la suite|plus|l['’]article(?: complet)?)", "Continuer (?:la lecture|à lire)"),
    *("En savoir plus", "Poursuivre la lecture"),
    *("Leer más", "Leer (?:el |la )?(?:artículo|entrada) complet[oa]"),
    *("S(?:eguir|igue) leyendo", "Contin(?:uar|úa) leyendo"),
    *("Läs mer", "Les mer", "Læs mere", "Czytaj (?:dalej|więcej)", "Читать (?:далее|дальше)"),
    *("続きを読む", "阅读(?:全文|更多)", "继续阅读", "閱讀(?:全文|更多)", "Devamını oku"),
    *("Leggi tutto", "Continua a leggere", "Leia mais", "Continue lendo", "Lees (?:meer|verder)"),
)
_HINTS = (
    "read|more|lesen|lire|plus|lecture|leer|leyendo|legg|leia|lendo|lees|läs mer|les mer|læs|"
    "czytaj|читать|続き|阅读|閱讀|devam"
)
_READ_MORE = f"(?:{'|'.join(_READ)})"
_ARROW = r"[\s.…→»›>⟶:]*"
# What is to be read: a name in quotes or before an arrow, or whatever follows "Continue reading".
_WHAT = rf"(?:[:\s]*[\"“„«][^\"”“»]{{1,200}}[\"”“»]|\s{_NO_STOP}{{1,150}}?[→»›⟶])?"
_WHAT_FOLLOWS = (
    r"(?:Continue reading|Weiterlesen|Lire la suite|Continuer la lecture|Seguir leyendo|"
    r"Continuar leyendo|Read (?:more|(?:the )?(?:full|whole) (?:article|post|story)) (?:on|at))"
    rf"\s{_NO_STOP}{{1,150}}\.?"
)

# Substack, as it thanks and asks in the languages of its writers.
_THANKS = (
    r"¡?(?:Thank(?:s| you) for reading|Many thanks for reading|(?:Vielen )?Danke?,? "
    r"(?:fürs? (?:Mitl|L)esen|dass (?:du|Sie))|Merci (?:de lire|d['’]avoir lu|de votre lecture)|"
    r"Gracias por leer|Grazie per aver letto|Obrigado por ler|Bedankt voor het lezen)\b"
    rf"{_NO_STOP}{{0,150}}[.!]"
)
_POLITE = "thank|dank|merci|gracias|grazie|obrigado"
_ASKING = "subscribe|abonn|melde|suscr|iscriviti|inscreva"
_SUBSCRIBE = (
    r"¡?(?:Subscribe (?:now |for free )?to (?:receive|get|support)|"
    rf"(?:Abonnier|Melde)\w*{_NO_STOP}{{0,60}}(?:kostenlos|um neue)|"
    r"Abonnez-vous (?:gratuitement )?pour|"
    r"Suscríbete (?:gratis )?para|Iscriviti (?:gratis )?per|Inscreva-se (?:gratuitamente )?para|"
    rf"Abonneer je (?:gratis )?om){_NO_STOP}{{0,200}}[.!]"
)
_SUPPORTED = (
    rf"{_NO_STOP}{{1,100}} is a reader-supported publication\. To receive new posts and support my "
    r"work, consider becoming a free or paid subscriber\."
)
_SHARE = r"This post is public so feel free to share it\.(?: Share\b)?"

_BOXED = re.compile("reading|Dank|Merci|Gracias|Grazie|Obrigado|Bedankt|reader-supported|feel")
_BOX = rf"{_START}(?:{_THANKS}\s+{_SUBSCRIBE}|{_SHARE})\s*|(?:^|(?<=[.!?] )){_SUPPORTED}\s*"
_AFTER = r"(?:^|(?<=[.!?…»”\")\]] ))"
# With each the words, in small letters, without one of which it need not be looked for.
_ENDINGS = tuple(
    (hints, rf"(?s){pattern}\s*$")
    for hints, pattern in (
        *(
            (hint, rf"{_START}{start} (?:(?!{start} ).){{1,400}}?{middle} .{{1,200}}")
            for hint, start, middle in _FIRST_ON
        ),
        ("published|appeared", rf"{_AFTER}{_PUBLISHED_IN}"),
        ("submitted by", rf"{_START}{_SUBMITTED}"),
        ("comments url", rf"{_START}{_NEWS_ITEM}"),
        (_HINTS, rf"{_START}[(\[]?{_READ_MORE}{_WHAT}{_ARROW}[)\]]?"),
        (_HINTS, rf"{_AFTER}{_WHAT_FOLLOWS}"),
        (_HINTS, rf"(?<=…|\.)\s?[(\[]?(?i:{_READ_MORE}){_ARROW}[)\]]?"),
        (r"\((?:more|mehr|suite|más)", r"\((?i:more|mehr|suite|más)(?:…|\.\.\.)?\)"),
        (_POLITE, rf"{_START}{_THANKS}(?:\s+{_SUBSCRIBE})?"),
        (_ASKING, rf"{_START}{_SUBSCRIBE}"),
        ("share|comment|now", rf"{_AFTER}(?:Leave a comment|Share|Subscribe now)"),
    )
)
_CUT = re.compile(r"\s*(?:[\[(](?:…|\.\.\.)[\])]|…|\.\.\.)\s*$")
_SURELY_CUT = re.compile(r"\s*[\[(](?:…|\.\.\.)[\])]\s*$")


def without_boilerplate(text: str) -> str:
    """The author's words, marked with '…' where the program that wrote the feed has cut them.

    >>> without_boilerplate("Soup is good […] The post Soup appeared first on Kitchen.")
    'Soup is good…'
    >>> without_boilerplate("Thanks for reading A! Subscribe for free to receive new posts. Hello.")
    'Hello.'
    """
    end, mark = end_of_words(text)
    kept = text[:end]
    if _BOXED.search(kept):
        kept = _compiled(_BOX).sub("", kept)
    return kept.strip() + mark


def end_of_words(text: str) -> tuple[int, str]:
    """Where the author's words end, and the '…' that they need there if they were cut."""
    near = max(0, len(text) - _FAR)
    tail = text[near:].lower()
    present = [_compiled(ending) for hints, ending in _ENDINGS if _compiled(hints).search(tail)]
    whole = end = len(text.rstrip())
    for _ in range(_MOST if present else 0):
        found = (ending.search(text, near, end) for ending in present)
        first = min((one.start() for one in found if one), default=end)
        if first == end:
            break
        end = len(text[:first].rstrip())
    cut = (_SURELY_CUT if end == whole else _CUT).search(text, near, end)
    if cut is None:
        return end, ""
    end = len(text[: cut.start()].rstrip())
    return end, ELLIPSIS if end and text[end - 1] not in ".!?" else ""


# Most texts have none of these endings, and most commands no texts.
_compiled = cache(re.compile)
