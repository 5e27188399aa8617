"""What feeds say that networks may read as something else, by what is odd about it."""

LINK = "https://blog.example.org/posts/1"

ODD_WORDS = {
    "entities": ("Tom &amp;amp; Ana&#8217;s AT&T &lt;b&gt;", "R&amp;D &lt;script&gt; 1 &lt; 2"),
    "names": (
        "@nasa @everyone @here <!channel> <@U012AB3CD> <#C012> <@123> lands",
        "by @ada@social.example and @room, .@bob (@eve) /@x ＠wide",
    ),
    "marks": (
        "C++ & <b> *bold* _it_ __init__ ~~x~~ `c` ||s||",
        "- a list\n# head\n1. one\n> quote\n[a](javascript:b(1)) [a](https://e.example/x) {{D(1)}}",
    ),
    "signs of tags": ("#1 #Ünïcödé $CASH #C# ##two", "a#b &x; #!"),
    "turning": ("abc \u202egnirts\u202c x", "one \u202e two \u2066 three"),
    "other languages": ("{{ name }} ${x} :smile:", "{hashtag|\\#|x} {% if a %}"),
    "from right to left": ("شركة @nasa تعلن", "שלום עולם: נסיון"),
    "unseen": ("zero\u200bwidth\u00ad \ufeff x", "a\u2060b"),
    "emoji": ("👩‍👩‍👧‍👦 🇫🇷 e\u0301 👍🏽", "🎨" * 200),
    "Japanese": ("今週のニュース：" * 40, "東京" * 2000),
    "Thai": ("ข่าวสารประจำวัน" * 30, "ภาษาไทย" * 500),
    "no words": ("x" * 3000, "y" * 3000),
    "long": ("Titre", "word_one *two* & three (four) #tag " * 400),
    "nothing": ("", ""),
    "links": ("See (https://a.example/b) and https://a.example/c.", LINK),
    "a link for a title": (LINK, "Un mot"),
    "lines": ("a\nb\r\nc\td", "a\n\n\nb\r\nc\x0bd\u2028e"),
    "control characters": ("a\x00b\x1bc\ud800d", "\x00\x07"),
    "a break": ("---", "a\n---\nb"),
    "breaks of other kinds": ("x", "a\u2028---\u2028b\x85 --- \x85c\n-\x00--\nd"),
}
"""Titles and summaries."""

ODD_LINKS = {
    "a full stop": "https://blog.example.org/a.b.",
    "a bracket": "https://blog.example.org/a_(b",
    "another bracket": "https://blog.example.org/w_(x)_y)",
    "brackets": "https://blog.example.org/w_(x)",
    "no ASCII": "https://blog.example.org/été/今週。",
    "signs": "https://blog.example.org/a'b\"c<d>|e*f_g~h",
    "a query": "https://blog.example.org/?a=1&b=2&c=3#top!",
    "an empty query": "https://blog.example.org/a?",
    "a host of other letters": "https://bücher.example/ä",
    "a space": "https://blog.example.org/a b",
    "much": "https://blog.example.org/" + "a" * 2000,
}
