"""Readers get the same whichever vendor carries it: what is rendered for each of them alone."""

from dataclasses import replace

import pytest

from dispatch.model.editions.picture import read_picture
from dispatch.testing.samples import SUBSCRIBERS, a_png, a_post
from render.render_samples import OURS, an_edition
from templates_and_readers import own
from vendors.every import EVERY, SHOW_NO_PICTURES
from vendors.same_text import NOBODY, a_maker, delivery_to, readings, sent_by
from vendors.traps import TRAPS

READERS = tuple(
    replace(
        one, id=number, public_id=f"{number:032}", locale=locale, fields={"city": TRAPS[number]}
    )
    for number, (one, locale) in enumerate(
        zip(SUBSCRIBERS, ("fr", "en", "de", "") * 3, strict=False), start=1
    )
)


@pytest.mark.parametrize("name", EVERY)
def test_our_templates_say_the_same_by_every_vendor(name):
    for template in OURS:
        content = an_edition(template, [a_post(number) for number in range(1, 4)])

        received, rendered = readings(name, content, READERS[:5])

        assert received == rendered
        assert len(rendered) >= 4


@pytest.mark.parametrize("name", EVERY)
def test_what_a_vendor_would_read_takes_no_effect(name):
    posts = [
        a_post(1, title=" ".join(TRAPS[:20]), summary="".join(TRAPS), content="<p>x</p>"),
        a_post(2, title=" ".join(TRAPS[20:]), authors=TRAPS),
    ]
    content = replace(an_edition(SPOKEN, posts), title="{{ a }} %recipient% <%b%>")
    readers = [
        replace(
            READERS[0], id=number, email=f"r{number}@example.org", name=trap, fields={"city": trap}
        )
        for number, trap in enumerate(TRAPS, start=1)
    ]

    received, rendered = readings(name, content, readers)

    assert received == rendered
    assert len(rendered) == len(TRAPS)


@pytest.mark.parametrize("name", ["brevo", "mailersend", "sparkpost"])
def test_a_name_that_a_vendor_may_read_is_left_out(name):
    reader = replace(READERS[0], name="{{ first_name }}")
    maker = a_maker(an_edition(), EVERY[name].provider(NOBODY, "key").capabilities)

    [mail], _ = sent_by(name, [maker.message(delivery_to(reader, 1), reader)])

    assert (mail.to, mail.name) == (reader.email, "")


@pytest.mark.parametrize(
    ("fields", "printed"),
    [
        ({"city": "x" * 9_900}, "{{ subscriber.fields.city }}"),
        ({"city": "é" * 4_990}, "{{ subscriber.fields.city }}"),
        ({"city": '"' * 1_700}, "<a title='{{ subscriber.fields.city }}' href='#'>x</a>"),
        (
            {f"f{number}": "x" for number in range(200)},
            "".join(f"{{{{ subscriber.fields.f{number} }}}}" for number in range(200)),
        ),
    ],
)
def test_sendgrid_gets_no_more_of_a_reader_than_it_takes(fields, printed):
    template = own(mjml=f"<mj-text>{printed}</mj-text>", digest_txt="{{ links.unsubscribe }}")
    readers = [READERS[0], replace(READERS[1], fields=fields), READERS[2]]

    received, rendered = readings("sendgrid", an_edition(template), readers)

    assert received == rendered


SPOKEN = own(
    subject_txt="{{ subscriber.name }}{{ edition.title }} {{ '{' }}{{ subscriber.fields.city }}"
    "{{ '}' }}",
    mjml="<mj-text><a href='{{ links.unsubscribe }}' title=\"{{ subscriber.fields.city }}\">"
    "{% for post in edition.posts %}{{ post.title }} {{ post.summary }}{% endfor %}"
    "</a>{{ '{' }}{{ subscriber.name }}{{ '}' }}%{{ subscriber.name }}%</mj-text>",
    digest_txt="{{ '{' }}{{ subscriber.name }}{{ '}' }}\n-{{ subscriber.fields.city }}-\n"
    "{% for post in edition.posts %}{{ post.title }} {{ post.summary }}{% endfor %}"
    "\n{{ links.unsubscribe }}",
)
"""Braces and the like of our own, a reader's and a post's, one beside the other."""


@pytest.mark.parametrize("name", [name for name in EVERY if name not in SHOW_NO_PICTURES])
def test_pictures_go_with_it(name):
    picture = read_picture("En-tête.png", a_png(9))
    template = own(
        mjml="<mj-image src='En-tête.png' alt='{{ subscriber.name }}' />",
        digest_txt="{{ links.unsubscribe }}",
    )
    content = replace(an_edition(template), pictures={"En-tête.png": picture})

    received, rendered = readings(name, content, READERS[:2])

    assert received == rendered
    assert {one.pictures for one in received.values()} == {(picture.content_id,)}
