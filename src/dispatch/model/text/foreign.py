"""Whether a text is in another language than it should be: a hint, which is silent where unsure.

No library: those that tell a hundred languages apart weigh from ten to some hundred megabytes. What
is asked here is less, as it is known which language a text should be in.
"""

import re
import unicodedata
from collections import Counter
from functools import cache

from dispatch.model.text.languages import language_tag

FEWEST_WORDS = 12
"""A text with fewer says too little about itself."""

FEWEST_LETTERS = 40
"""The same of what is written without spaces."""

MOST_LETTERS = 6_000
"""That are looked at, from the beginning on."""

SHARE = 0.25
"""Of its words are among the most frequent ones of its language, in whatever one writes."""

FEWEST_OF_ITS_OWN, TIMES = 4, 5
"""Words that the other language has and the wanted one does not: so many at least, and so many
times as those of which the contrary is true."""

MAINLY = 0.7
"""Of its letters, by which a text is written in a script."""

_WORD = re.compile(r"[^\W\d_]+")

_LATIN = "LATIN"

_SCRIPTS = {
    "ar": ("ARABIC",), "fa": ("ARABIC",), "ur": ("ARABIC",), "he": ("HEBREW",),
    "ru": ("CYRILLIC",), "uk": ("CYRILLIC",), "bg": ("CYRILLIC",), "be": ("CYRILLIC",),
    "mk": ("CYRILLIC",), "el": ("GREEK",), "hy": ("ARMENIAN",), "ka": ("GEORGIAN",),
    "hi": ("DEVANAGARI",), "th": ("THAI",), "ko": ("HANGUL", "CJK"), "zh": ("CJK", "BOPOMOFO"),
    "ja": ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"),
}  # fmt: skip
"""How Unicode names the letters of languages that are written in one script, which is not Latin."""

_FREQUENT = {
    "en": """the of and to in is that it for was on are as with at be this have from or had by not
        but what all were we when your can there an which their if will each about how up out them
        then she he his her they you our us who has more do no so would been its than into only
        other i my me just also""",
    "fr": """de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce
        il sont l d qu s n c j avec vous nous ou on elle ils elles mais son sa ses leur leurs cette
        ces aux comme tout tous être avoir fait peut si y dont où même sans entre notre nos votre
        vos je tu me très aussi été était à""",
    "de": """der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch
        es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen
        so zum war haben nur oder aber vor zur bis mehr durch man sein wurde wir ihr ihre uns unser
        unsere ich du kann wenn schon hier alle diese dieser""",
    "es": """de la que el en y a los del se las por un para con no una su al lo como más pero sus le
        ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde
        todo nos durante todos uno les ni contra otros ese eso ante ellos e esto es son fue ha han
        ser está tiene puede nuestro nuestra cada yo tu""",
    "it": """di e il la che in a per un è non una sono si da con del della le i dei al come più nel
        ma anche gli lo alla o se ha delle su ci nella questo questa mi loro suo sua tutti tutto
        tra quando dal essere stato molto dalla ai alle anno degli sul chi noi voi nostro nostra
        l d c dell all nell un ogni cosa io tu vi ne hanno può""",
    "pt": """de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao
        ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso
        ela entre era depois sem mesmo aos ter seus quem nas me esse eles estão você tinha foram
        essa num nem suas meu às minha são nosso nossa cada pode""",
    "nl": """de het een van en in is dat op te zijn met voor niet aan er die hij ze was om als ook
        maar door over bij nog uit dan naar heeft hebben had worden wordt kan meer al of deze dit
        wat zo geen tot onze ons wij we u uw je jij jullie hun haar waar na onder veel men alle
        wie hoe ik mijn zich zou""",
    "sv": """och i att det som en på är av för med den till ett har de inte om ett han var jag vi
        kan så men sig från man när eller vid ut ska nu upp efter alla också hon mot där hur bara
        mycket än här vad under över varje vår vårt våra ni er era dig du din blir blev bli utan
        mer denna detta dessa""",
    "da": """og i at det er en til af på for med den de ikke der som et har om han var jeg vi kan så
        men sig fra man når eller ved ud skal nu op efter alle også hun mod hvor hvordan kun meget
        end her hvad under over hver vores os jer i dig du din bliver blev blive uden mere denne
        dette disse være havde""",
    "nb": """og i at det er en til av på for med den de ikke der som et har om han var jeg vi kan så
        men seg fra man når eller ved ut skal nå opp etter alle også hun mot hvor hvordan bare mye
        enn her hva under over hver vår vårt våre oss dere deg du din blir ble bli uten mer denne
        dette disse være hadde""",
    "pl": """w i na z do się nie to że jest o jak za od po przez dla są ale co ten tak tego tym ich
        jego jej czy już który która które może tylko przed przy aby oraz lub być był była było
        także też jako pod nad bez ze ma mają my wy nas was nasz nasza nasze każdy gdy kiedy gdzie
        tej tych te ta a u bardzo""",
    "ca": """de la que i el en a les els per un amb del una es no als al com més l d s n però són
        seva seu va ha és o aquest aquesta pel també ser han fer tot tots entre sobre quan molt
        sense fins on perquè nostre nostra cada pot això hi ho ens us si ja des des""",
    "ro": """de și în a la cu pe că o din nu un pentru este se mai au ce care sunt sau ca al ale fi
        dar prin după fost lui cei cele acest această am ne ei lor când dacă numai foarte fără
        până noi voi nostru noastră fiecare poate unui unei acum între i s""",
    "cs": """a se v na je že s z do o i to k ve pro za by ale si po jako jsou od jeho aby tak který
        která které už být byl byla bylo jen při nebo co této tento ze jak není až než také pod
        před my vy nás vás naše náš každý když kde mezi bez může velmi""",
    "fi": """ja on ei se että oli hän mutta ovat kun niin joka myös kuin tai sen ole jos sitä mitä
        vain jo nyt hänen olla ollut vielä siitä joka jotka jonka kaikki voi me te he minä sinä
        meidän teidän heidän tämä tämän mukaan kanssa jälkeen sekä eli mikä""",
    "hu": """a az és hogy nem is egy van ez meg de csak ha már mint el azt még volt ki lehet ezt
        minden vagy most mert után kell sem lesz úgy így között pedig ami aki amely ahol mi ti ők
        én te nagyon nincs által szerint volna""",
    "tr": """ve bir bu da de için ile çok daha olarak ne o ama gibi en kadar var olan her sonra mi
        değil ya ben biz siz sen onlar bizim sizin ki veya hem şu ise yok nasıl neden bütün tüm
        önce oldu olduğu göre""",
}
"""The words that a language has most of, in small letters, split at apostrophes."""


def is_foreign(text: str, language: str) -> bool:
    """Whether a text is certainly in another language than this one; False where it is unsure.

    >>> is_foreign("Nous vous attendons dimanche, et il y aura du pain pour tous les autres.", "en")
    True
    >>> is_foreign("Nous vous attendons.", "en")
    False
    """
    wanted = _wanted(language)
    text = text[:MOST_LETTERS]
    scripts, letters = _scripts(text), sum(map(str.isalpha, text))
    if letters < FEWEST_LETTERS or not wanted:
        return False
    own = _SCRIPTS.get(wanted, (_LATIN,))
    if scripts[_LATIN] < MAINLY * letters:
        [(script, number)] = scripts.most_common(1)
        return number >= MAINLY * letters and script not in own
    return _reads_as_another(_WORD.findall(text.lower()), wanted)


def _wanted(language: str) -> str:
    """The language by which it is known here, or nothing."""
    tag = language_tag(language).partition("-")[0]
    name = {"no": "nb", "nn": "nb"}.get(tag, tag)
    return name if name in _FREQUENT or name in _SCRIPTS else ""


def _scripts(text: str) -> Counter[str]:
    letters = Counter(filter(str.isalpha, text))
    found: Counter[str] = Counter()
    for letter, number in letters.items():
        found[unicodedata.name(letter, "?").partition(" ")[0]] += number
    return found


def _reads_as_another(words: list[str], wanted: str) -> bool:
    counted, own = Counter(words), _frequent(wanted)
    if len(words) < FEWEST_WORDS:
        return False
    for other in _FREQUENT:
        its = _frequent(other)
        only_its, only_own = _number(counted, its - own), _number(counted, own - its)
        if (
            _number(counted, its) >= SHARE * len(words)
            and only_its >= FEWEST_OF_ITS_OWN
            and only_its >= TIMES * only_own
        ):
            return True
    return False


@cache
def _frequent(language: str) -> frozenset[str]:
    return frozenset(_FREQUENT.get(language, "").split())


def _number(counted: Counter[str], words: frozenset[str]) -> int:
    return sum(number for word, number in counted.items() if word in words)
