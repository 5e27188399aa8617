"""What is the author's word, and what a program has added."""

import pytest

from dispatch.model.text.boilerplate import without_boilerplate

TEXT = "The days get shorter."


@pytest.mark.parametrize(
    "added",
    [
        "The post Ten recipes for autumn appeared first on Kitchen Notes.",
        "The post What? Why. How! first appeared on kitchen.example.",
        "Der Beitrag Zehn Rezepte erschien zuerst auf Küche.",
        "L’article Dix recettes est apparu en premier sur Cuisine.",
        "Cet article Dix recettes est apparu en premier sur Cuisine.",
        "La entrada Diez recetas se publicó primero en Cocina.",
        "La entrada Diez recetas aparece primero en Cocina.",
        (
            "Ten recipes was originally published in Kitchen on Medium, where people are "
            "continuing the conversation by highlighting and responding to this story."
        ),
        (
            "Thanks for reading Kitchen Notes! Subscribe for free to receive new posts and support "
            "my work."
        ),
        "Thanks for reading!",
        "Vielen Dank, dass Sie Küche lesen! Abonnieren Sie kostenlos, um Beiträge zu erhalten.",
        "Merci de lire Cuisine ! Abonnez-vous gratuitement pour recevoir de nouveaux articles.",
        "¡Gracias por leer Cocina! Suscríbete gratis para recibir nuevas publicaciones.",
        "This post is public so feel free to share it. Share",
        "Read more",
        "Read more »",
        "Read the full story",
        "Continue reading",
        "Continue reading Ten recipes →",
        "Continue reading “Ten recipes. For you?”",
        "Weiterlesen",
        "Weiterlesen Zehn Rezepte",
        "Den ganzen Artikel lesen",
        "Lire la suite…",
        "Continuer la lecture de « Dix recettes »",
        "Leer más",
        "Seguir leyendo →",
        "[Read more...]",
        "Leave a comment",
        "Read more The post A appeared first on B.",
    ],
)
def test_what_programs_add_is_not_the_author_s_word(added):
    assert without_boilerplate(f"{TEXT} {added}") == TEXT


@pytest.mark.parametrize(
    "cut",
    [
        "The days […]",
        "The days [...]",
        "The days (…)",
        "The days… Read more",
        "The days ... continue reading",
        "The days […] Weiterlesen",
        "The days […] The post A appeared first on B.",
    ],
)
def test_where_a_program_has_cut_there_is_one_ellipsis(cut):
    assert without_boilerplate(cut) == "The days…"


def test_a_box_is_left_out_wherever_it_stands():
    box = "Thanks for reading A! Subscribe for free to receive new posts and support my work."

    assert without_boilerplate(f"{box} {TEXT} {box} More.") == f"{TEXT} More."


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT,
        "I like to read more.",
        "We can read more books",
        "Read more books in winter",
        "He said [...] and left.",
        "The post office closed. It appeared first on my list of worries, long ago.",
        "And then…",
        "Wait... what?",
        "She asked me to continue reading, and I did.",
        "Please share",
        "To say thanks for reading is polite, and I do.",
    ],
)
def test_what_the_author_says_stays(text):
    assert without_boilerplate(text) == text


@pytest.mark.parametrize(
    "text",
    ["The post " * 500, "Continue reading " * 300, "[...] " * 500, "a. " * 2_000 + "Read more"],
)
def test_any_text_is_read_to_its_end(text):
    assert len(without_boilerplate(text)) <= len(text) + 1
