import pytest

from dispatch.model.campaigns.campaign import Each
from dispatch.model.editions.picture import read_picture
from dispatch.render.templates.files import load_template
from dispatch.render.trials.check import MANY_LINKS, check_template
from dispatch.render.trials.remark import Remark
from dispatch.testing.samples import a_png
from render.render_samples import OURS, PLAIN, TEMPLATES

TEXT = "<mj-text>"
SOUND = PLAIN | {
    "digest.mjml": PLAIN["digest.mjml"].replace(
        "</mj-text>", ' <a href="{{ links.unsubscribe }}">leave</a></mj-text>'
    ),
    "digest.txt": "{{ links.unsubscribe }}",
}


def problems(**files: str) -> list[str]:
    sources = SOUND | {name.replace("_", "."): source for name, source in files.items()}
    return check_template("own", sources, needs_email=True, needs_social=True)


@pytest.mark.parametrize("template", OURS)
def test_our_own_templates_are_sound(template: str) -> None:
    sources = load_template(TEMPLATES, template)

    found = check_template(template, sources, needs_email=True, needs_social=True, each=tuple(Each))

    assert found == []


def test_a_sound_template_has_no_problems() -> None:
    assert problems() == []


def test_every_mistake_that_can_be_seen_at_once_is_listed_at_once() -> None:
    found = problems(
        subject_txt="{{ editoin.title }}",
        digest_txt="{{ links.unsubscribe }}\n{{ nope }} {{ nor_this }}",
        words_yaml="fr:\n  a: un\n  b: deux\nen:\n  a: one\n",
    )

    assert [line.split(" ")[0] for line in found] == [
        "templates/own/subject.txt:1:",
        "templates/own/digest.txt:2:",
        "templates/own/digest.txt:2:",
        "templates/own/words.yaml:",
    ]
    assert "en.b: missing - fr has it" in found[-1]


def test_files_that_are_missing_are_listed_by_what_is_needed() -> None:
    email = check_template("own", {}, needs_email=True, needs_social=False)
    social = check_template("own", {}, needs_email=False, needs_social=True)

    assert [line.split(" ")[0] for line in email] == [
        "templates/own/subject.txt:",
        "templates/own/digest.mjml:",
        "templates/own/digest.txt:",
    ]
    assert [line.split(" ")[0] for line in social] == ["templates/own/snippet.txt:"]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"digest_txt": "bye"}, "digest.txt: no way out"),
        ({"digest_mjml": PLAIN["digest.mjml"]}, "digest.mjml: no way out"),
        ({"digest_txt": "{{ edition.posts[0].image.url }}"}, "'url' of nothing"),
        ({"subject_txt": "{{ subscriber.nick }}"}, "subject.txt:1: unknown name 'nick'"),
        ({"snippet_txt": "{{ post.body }}"}, "snippet.txt:1: unknown name 'body'"),
        ({"snippet_mastodon_txt": "{{ post.body }}"}, "snippet.mastodon.txt:1: unknown name"),
        (
            {"digest_mjml": SOUND["digest.mjml"].replace(TEXT, TEXT + "<img src='x'>")},
            "digest.mjml: an image without alt",
        ),
        (
            {
                "digest_mjml": SOUND["digest.mjml"]
                .replace("<mj-body>", "<mj-head><mj-font name='F' href='https://f.example/f'/></mj-head><mj-body>")
                .replace("<mj-text>", "<mj-text font-family='F'>")
            },
            "digest.mjml: fetches a font or style",
        ),
        (
            {"digest_mjml": SOUND["digest.mjml"].replace(TEXT, TEXT + "long " * 25000)},
            "KB for 12 posts - stay below 102 KB",
        ),
    ],
)  # fmt: skip
def test_what_shows_only_on_trial_is_found(files: dict[str, str], problem: str) -> None:
    found = problems(**files)

    assert any(problem in line for line in found), found


def test_a_mistake_in_one_language_only_is_found() -> None:
    found = problems(
        subject_txt="{{ words.hi.format(name=subscriber.name) }}",
        words_yaml="fr:\n  hi: 'Bonjour {name}'\nen:\n  hi: 'Hi {nmae}'\n",
    )

    assert found == ["templates/own/subject.txt:1: cannot be rendered (KeyError: 'nmae')"]


def test_half_a_tag_is_told_before_readers_see_it():
    sources = PLAIN | {"subject.txt": "{{ edition.title }}\n{ edition.title }}"}

    problems = check_template("plain", sources, needs_email=True, needs_social=False)

    assert "templates/plain/subject.txt:2: half a tag - write {{ name }} or {% if %}" in problems


IMAGE = '<mj-image src="{}" alt="" />'


def with_more(mjml: str) -> str:
    return SOUND["digest.mjml"].replace("<mj-text>", f"{mjml}\n<mj-text>", 1)


def test_a_picture_that_no_file_is_is_told_with_its_line() -> None:
    sources = SOUND | {"digest.mjml": with_more(IMAGE.format("haeder.png"))}
    header = read_picture("header.png", a_png())

    alone = check_template("own", sources, needs_email=True, needs_social=False)
    beside = check_template(
        "own", sources, needs_email=True, needs_social=False, pictures={"header.png": header}
    )

    said = "templates/own/digest.mjml:2: 'haeder.png' is no picture of the template - "
    assert alone == [said + "put it into templates/own/, or write its address with https://"]
    assert beside == [said + "did you mean 'header.png'?"]


def test_a_picture_that_a_file_is_is_fine() -> None:
    sources = SOUND | {"digest.mjml": with_more(IMAGE.format("./header.png"))}
    header = read_picture("header.png", a_png())

    found = check_template(
        "own", sources, needs_email=True, needs_social=False, pictures={"header.png": header}
    )

    assert found == []


def test_many_links_are_a_remark() -> None:
    link = "<mj-text><a href='https://x.example/'>x</a></mj-text>"

    [found] = problems(digest_mjml=with_more(link * MANY_LINKS))

    assert isinstance(found, Remark)
    assert f"digest.mjml: {MANY_LINKS + 1} links" in found


@pytest.mark.parametrize(("most_posts", "told"), [(12, False), (40, True), (900, True)])
def test_a_digest_that_mail_programs_would_cut_off_is_a_remark(most_posts: int, told: bool) -> None:
    sources = load_template(TEMPLATES, "weekly")

    found = check_template(
        "weekly", sources, needs_email=True, needs_social=False, most_posts=most_posts
    )

    assert bool(found) is told
    for one in found:
        assert isinstance(one, Remark)
        assert f"KB for {min(most_posts, 100)} posts, which a campaign may have - " in one
