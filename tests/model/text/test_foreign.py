"""A text in another language than it should be."""

import pytest

from dispatch.model.text.foreign import is_foreign

SAYINGS = {
    "en": "We bake on Sunday and you are all welcome: there will be bread for everybody, and if it "
    "rains we will be in the hall that is behind the church.",
    "fr": "Nous cuisons dimanche et vous êtes tous les bienvenus : il y aura du pain pour tout le "
    "monde, et s'il pleut nous serons dans la salle qui est derrière l'église.",
    "de": "Wir backen am Sonntag und ihr seid alle eingeladen: Es gibt Brot für alle, und wenn es "
    "regnet, sind wir in dem Saal, der hinter der Kirche ist.",
    "es": "Cocemos el domingo y todos están invitados: habrá pan para todos, y si llueve estaremos "
    "en la sala que está detrás de la iglesia, como en el año pasado.",
    "it": "Cuociamo domenica e siete tutti invitati: ci sarà pane per tutti, e se piove saremo "
    "nella sala che è dietro alla chiesa, come si è fatto anche l'anno scorso.",
    "pt": "Vamos cozer no domingo e todos estão convidados: há pão para todos, e se chover estamos "
    "na sala que está por trás da igreja, como já foi feito no ano passado.",
    "nl": "We bakken op zondag en jullie zijn allemaal welkom: er is brood voor iedereen, en als "
    "het regent zijn wij in de zaal die achter de kerk is.",
    "sv": "Vi bakar på söndag och ni är alla välkomna: det finns bröd till alla, och om det regnar "
    "är vi i salen som ligger bakom kyrkan, så som vi var förra året.",
    "pl": "Pieczemy w niedzielę i wszyscy są zaproszeni: chleb będzie dla każdego, a gdy będzie "
    "padać, to jesteśmy w sali, która jest za kościołem, tak jak w zeszłym roku.",
    "ru": "Мы печём в воскресенье, и мы всех приглашаем: хлеба хватит на каждого.",
    "ar": "نخبز يوم الأحد وأنتم جميعا مدعوون وسيكون هناك خبز للجميع في القاعة.",
    "ja": "日曜日にパンを焼きますので、みなさんぜひお越しください。"
    "雨が降ったら、教会のうしろの広間に集まりましょう。",
}

ALIKE = {"es", "it", "pt"}


@pytest.mark.parametrize("written", SAYINGS)
def test_a_text_is_foreign_to_every_language_but_its_own(written):
    foreign = {wanted for wanted in SAYINGS if is_foreign(SAYINGS[written], wanted)}

    unsure = {written} | (ALIKE if written in ALIKE else set())
    assert written not in foreign
    assert foreign >= SAYINGS.keys() - unsure


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Venez dimanche.",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 😀 " * 9,
        "Nous cuisons dimanche et vous êtes tous là. We bake on Sunday and you are all there.",
        "Anna Müller, Jean de la Fontaine, Marie Curie, Alan Turing, Leonardo da Vinci",
        "lorem ipsum " * 40,
    ],
)
@pytest.mark.parametrize("language", ["en", "fr_CA"])
def test_nothing_is_said_where_it_is_unsure(text, language):
    assert not is_foreign(text, language)


@pytest.mark.parametrize("language", ["", "?", "eo", "sr", "tlh"])
def test_nothing_is_said_of_languages_that_are_not_known(language):
    assert not any(is_foreign(text, language) for text in SAYINGS.values())


@pytest.mark.parametrize("language", ["en_GB", "EN", "en-US", "en-Latn"])
def test_a_language_is_known_with_its_region_too(language):
    assert is_foreign(SAYINGS["fr"], language)
    assert not is_foreign(SAYINGS["en"], language)
