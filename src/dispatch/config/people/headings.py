"""Which column of a subscriber file is which: its heading in four languages, and of products."""

import re
from collections.abc import Mapping, Sequence

from dispatch.model.people.field_names import bare
from dispatch.model.text.invisible import visible

EMAIL = "email"

# Old spellings come first: where several columns could be the address, these are.
_EMAIL = (
    frozenset(
        {"email", "e_mail", "mail", "email_address", "e_mail_address", "emailaddress"}
        | {"adresse_email", "adresse_e_mail", "adresse_mail", "courriel", "adresse_de_courriel"}
    ),
    frozenset(
        {"adresse_electronique", "adresse_courriel", "mel", "e_mail_adresse", "emailadresse"}
        | {"mailadresse", "mail_adresse", "email_adresse", "correo", "correo_electronico"}
        | {"direccion_de_correo", "direccion_de_correo_electronico", "direccion_email"}
        | {
            "subscriber",
            "subscriber_email",
            "contact_email",
            "primary_email",
            "email_id",
            "e_mail_1_value",
        }
        | {"indirizzo_email", "endereco_de_email", "email_adres", "e_mailadres"}
    ),
)

ALIASES: Mapping[str, Sequence[str]] = {
    "name": (
        *("full_name", "fullname", "display_name", "contact_name", "subscriber_name"),
        *("nom", "nom_complet", "nom_et_prenom", "prenom_et_nom", "prenom_nom", "nom_prenom"),
        *("vollstandiger_name", "vor_und_nachname", "nombre", "nombre_completo"),
        *("nombre_y_apellidos", "nombre_y_apellido"),
    ),
    "locale": (
        *("language", "lang", "preferred_language", "language_code", "locale_code"),
        *("langue", "langue_preferee", "sprache", "bevorzugte_sprache", "idioma"),
        *("idioma_preferido", "lengua"),
    ),
    "timezone": (
        *("time_zone", "tz", "timezone_name", "fuseau_horaire", "fuseau", "zeitzone"),
        *("zona_horaria", "huso_horario"),
    ),
    "topics": ("topic_list", "sujets", "themes", "themen", "temas"),
    "cadence": (
        *("frequency", "email_frequency", "newsletter_frequency", "frequence", "periodicite"),
        *("haufigkeit", "frequenz", "turnus", "rhythmus", "frecuencia", "periodicidad"),
    ),
    "consented_at": (
        *("optin_time", "opt_in_time", "optin_date", "opt_in_date", "opted_in_at", "optin_at"),
        *("consent_date", "consent_at", "consent_time", "date_of_consent", "consent_given_at"),
        *("subscribed_at", "subscribed_on", "date_subscribed", "subscription_date"),
        *("subscribe_date", "signup_date", "sign_up_date", "signed_up_at", "confirm_time"),
        *("confirmed_at", "date_du_consentement", "date_consentement", "date_d_inscription"),
        *("date_inscription", "date_d_abonnement", "inscrit_le", "abonne_depuis"),
        *("einwilligung_am", "datum_der_einwilligung", "einwilligungsdatum", "anmeldedatum"),
        *("angemeldet_am", "fecha_de_consentimiento", "fecha_de_suscripcion", "fecha_de_alta"),
    ),
    "consent_source": (
        *("optin_source", "opt_in_source", "subscription_source", "signup_source"),
        *("source_du_consentement", "origine_du_consentement", "quelle_der_einwilligung"),
        *("origen_del_consentimiento",),
    ),
}
"""What each of our columns is called elsewhere, the fittest first."""

_GIVEN = ("first_name", "firstname", "fname", "given_name", "prenom", "vorname")
_FAMILY = (
    *("last_name", "lastname", "lname", "surname", "family_name", "nom_de_famille"),
    *("nachname", "familienname", "apellido", "apellidos"),
)


def parts_of(heading: str) -> str:
    """A heading with a line between its words and around them, for patterns.

    >>> parts_of("emailBlacklisted"), parts_of("OPT-OUT Time")
    ('_email_blacklisted_', '_opt_out_time_')
    """
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", visible(heading))
    return "_" + re.sub(r"[\W_]+", "_", bare(apart)).strip("_") + "_"


def with_email(names: Sequence[str]) -> list[str]:
    """The names, with `email` for the column that has the address."""
    for spellings in _EMAIL:
        if not spellings.isdisjoint(names):
            return [EMAIL if name in spellings else name for name in names]
    return list(names)


def filled_by(names: Sequence[str]) -> dict[int, str]:
    """Of the columns that we do not have, those that say what one of ours would, by place.

    Only where ours is not there; of several the fittest.
    """
    found: dict[int, str] = {}
    for ours, others in ALIASES.items():
        if ours in names:
            continue
        if ours == "name" and any(one in names for one in (*_GIVEN, *_FAMILY)):
            continue  # what is called so beside them is a part of the name
        place = next((names.index(other) for other in others if other in names), None)
        if place is not None:
            found[place] = ours
    return found


def name_parts(names: Sequence[str]) -> tuple[int, ...]:
    """The places of the given and the family name, in this order; none where `name` has both."""
    given = next((names.index(one) for one in _GIVEN if one in names), None)
    family = next((names.index(one) for one in _FAMILY if one in names), None)
    if given is None and family is None:
        return ()
    if "name" in names and not ("vorname" in names and family is None):
        return ()
    if family is None:
        family = next((names.index(one) for one in ("nom", "name") if one in names), None)
    if given is None and "nombre" in names:
        given = names.index("nombre")
    return tuple(place for place in (given, family) if place is not None)
