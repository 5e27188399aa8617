"""What is the author's word, and what a program has added."""

import pytest

from dispatch.model.text.boilerplate import without_boilerplate

TEXT = "The days get shorter."


@pytest.mark.parametrize(
    "added",
    [
        "The post Ten recipes for autumn appeared first on Kitchen Notes.",
        "O conteúdo Dez receitas aparece primeiro em Cozinha.",
        "Artykuł Zupa pochodzi z serwisu Kuchnia.",
        "Inlägget Soppa dök först upp på Köket.",
        "Сообщение Суп появились сначала на Кухня.",
        "This article first appeared on Kitchen Notes.",
        "submitted by /u/ada [link] [comments]",
        "Article URL: https://a.example/ Comments URL: https://b.example/1 Points: 3 # Comments: 0",
        *("Läs mer", "Czytaj dalej", "Читать далее", "続きを読む", "阅读全文"),
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
        "The post office first appeared on Main Street.",
        "This book was originally published in 1999 by Penguin.",
        "Her first novel was originally published in France.",
        "This story was originally published on 3 May.",
        "Adding a Continue reading link to excerpts",
        "L'article est apparu en premier sur la table.",
        "Der Artikel erschien zuerst auf Papier.",
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
