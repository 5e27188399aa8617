"""Posts for chats: with everything that one of them may read as something else."""

from dispatch.model.delivery.message import Card, SocialPicture
from dispatch.model.intake.feed import Image
from dispatch.testing.samples import a_png, a_snippet

TRAPS = (
    "2 * 3 * 4, snake_case and __init__, *bold*, **bold**, ~~gone~~, `code`, ||hidden||",
    "# no heading\n- no list\n1. no list\n> no quote\n>>> none\n-# small",
    "<!channel> <!here> @here @everyone @channel <@U012AB3CD> <@123> <#456> <:a:1> <t:1>",
    "[a link](https://evil.example/a) and <https://evil.example/b|another>",
    "Q&A: 1 < 2 > 0 && R&amp;D &lt;b&gt; <b>bold</b>",
    "https://blog.example.org/a_b*c*_d?x=1&y=2#e. (https://blog.example.org/w_(x)_y)",
    "{{DATE(2026-11-30T08:00:00Z,SHORT)}} {{ name }} ${x} {% if a %}",
    ":smile: \\ \\* \\_ 🎨 👩‍💻 e\u0301 \u2060 שלום",
    "\n\n  \n",
)
"""Each is to arrive as it is."""

PICTURE = SocialPicture(a_png(9), "image/png", 9, 9, "Une aquarelle « bleue »")


def every_post(most: int):
    """What a provider may be given, by what is special about it."""
    link = "https://blog.example.org/posts/1"
    yield "plain", a_snippet()
    yield "no link", a_snippet(text="Un mot", link="")
    yield "no picture", a_snippet(image=None)
    yield "alt missing", a_snippet(image=Image("https://blog.example.org/i.jpg"), title="")
    yield "picture", a_snippet(picture=PICTURE)
    yield "card", a_snippet(card=Card(link, "*Titre* & <b>", "Une description_de la page"))
    yield "picture and a long text", a_snippet(picture=PICTURE, text=f"{'mot ' * 300}{link}")
    yield "mentions", a_snippet(text="Merci <@U012AB3CD> <@123> <!here> @ada", mentions=True)
    yield "as long as may be", a_snippet(text=f"{link} {'é' * (most - len(link) - 1)}")
    yield "marks as long as may be", a_snippet(text="*" * most)
    yield "entities as long as may be", a_snippet(text="&" * most)
    for number, text in enumerate(TRAPS[:-1]):
        yield f"trap {number}", a_snippet(text=text, title=text)
        yield f"trap {number} with a picture", a_snippet(text=text, picture=PICTURE)
