"""The team sees a kept picture from our own store."""

from dispatch.model.editions.card import keep
from dispatch.testing.samples import a_png
from team_stage import join, signed_in


def test_a_picture_is_shown_as_what_it_is_and_as_nothing_else(app):
    picture = keep("image/png", 120, 40, a_png(120, 40))
    odd = keep("text/html", 120, 40, b"<script>")
    with app.store.begin() as tx:
        tx.pictures.keep([picture, odd], now=app.clock())
    join(app, "jean")

    with signed_in(app, "jean") as jean:
        answer = jean.get(f"/team/pictures/{picture.mark}")
        others = [jean.get(f"/team/pictures/{one}").status_code for one in (odd.mark, "0" * 64)]

    assert answer.content == picture.data
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "immutable" in answer.headers["cache-control"]
    assert others == [404, 404]
