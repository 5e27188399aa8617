"""Sheets and style attributes that stand one after another, whatever each of them leaves open."""

import pytest

from dispatch.render.digests.style_sheet import closed, fit_sheet


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("color:red", "color:red"),
        ("background:url(", "background:url()"),
        ("background:url(https://a.example/(b.png", "background:url(https://a.example/(b.png)"),
        ("background:url( 'a.png'", "background:url( 'a.png')"),
        ('content:"', 'content:""'),
        ("font-family:'A \\' B", "font-family:'A \\' B'"),
        ("color:red\\", "color:red"),
        ("width:calc((1px + 2px", "width:calc((1px + 2px))"),
        ("color:rgb(1,2,3))", "color:rgb(1,2,3))"),
    ],
)
def test_what_an_attribute_leaves_open_is_closed(written, read):
    assert closed(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("p{color:red", "p{color:red}"),
        ("@media print{p{color:red}", "@media print{p{color:red}}"),
        ("p{color:red}}", "p{color:red}}#_{}"),
        ("/* a { ' \"", "/* a { ' \"*/"),
        ("a[title='}']{color:red}", "a[title='}']{color:red}"),
        ("<!-- p{color:red} -->", "p{color:red}"),
        ("@media (width<=9em){p{color:red}}", "@media (width<=9em){p{color:red}}"),
        ("p{}</style>", "p{}style>"),
        ("@import url(https://f.example/css2?w@400;700);p{}", "p{}"),
        ("@import url('https://f.example/css2?w@400;700&amp;s');p{}", "p{}"),
        ('@charset "utf-8";@IMPORT "a;b.css" screen;\np{}', "p{}"),
        ("@import url(a.css)", ""),
    ],
)
def test_a_sheet_leaves_nothing_open_and_fetches_no_other(written, read):
    assert fit_sheet(written) == read
