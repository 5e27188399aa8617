"""How this machine runs dispatch, from environment variables that begin with DISPATCH_."""

import os
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from dispatch.config.files.problems import FileProblem, InvalidValueError, did_you_mean, quoted
from dispatch.config.files.validation_messages import in_plain_words
from dispatch.config.process.secret_key import MOST, SHORTEST, check_not_lost, kept_secret_keys
from dispatch.config.process.secrets import resolve
from dispatch.errors import BadInput
from dispatch.model.delivery.name_server import split_server
from dispatch.sealing import read_key

PREFIX = "DISPATCH_"
FOR_TESTS = "DISPATCH_TEST_"
WHERE = "environment"
SQLITE = "sqlite:///"
Network = IPv4Network | IPv6Network
POSTGRES = ("postgresql://", "postgresql+psycopg://")


def _database_url(url: str) -> str:
    # Never quoted in a message: the address may hold a password.
    if url.startswith(POSTGRES):
        _check_address(url)
        return f"postgresql+psycopg://{url.partition('://')[2]}"
    if not url.startswith(SQLITE):
        raise InvalidValueError(
            "this kind of database is not known",
            "write sqlite:///dispatch.db or postgresql://user:password@host/name",
        )
    name = url.removeprefix(SQLITE)
    if not name or name.startswith("?") or name == ":memory:":
        raise InvalidValueError(
            "names no file, and a database in memory forgets who got what",
            "write a file, such as sqlite:///dispatch.db",
        )
    return url


def _check_address(url: str) -> None:
    try:
        urlsplit(url).port  # noqa: B018 - it raises where the port is no number
    except ValueError:
        raise InvalidValueError(
            "cannot be read as an address",
            "write postgresql://user:password@host:port/name, with %40 for @ in a password",
        ) from None


def _networks(given: object) -> object:
    if not isinstance(given, str):
        return given
    found = []
    for words in given.replace(",", " ").split():
        try:
            found.append(ip_network(words, strict=False))
        except ValueError:
            raise InvalidValueError(
                f"{quoted(words)} is no network",
                "write numbers, with commas between several: 10.1.0.0/16, 127.0.0.1",
            ) from None
    return tuple(found)


def _proxy(address: SecretStr) -> SecretStr:
    # Never quoted in a message: the address may hold a password.
    try:
        parts = urlsplit(address.get_secret_value())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        parts.port  # noqa: B018 - it raises where the port is no number
    except ValueError:
        usable = False
    if not usable:
        raise InvalidValueError(
            "is not the address of a proxy", "write http://proxy.example.org:3128"
        )
    return address


def _dns_server(server: str) -> str:
    try:
        if server:
            split_server(server)
    except ValueError:
        raise InvalidValueError(
            f"{quoted(server)} is not the address of a name server", "write its IP: 9.9.9.9"
        ) from None
    return server


def _secret_key(key: SecretStr) -> SecretStr:
    if len(key.get_secret_value()) < SHORTEST:
        raise InvalidValueError(
            "is too short to be safe",
            f"use {SHORTEST} characters or more, or leave it out to have one made",
        )
    return key


def _token_key(key: SecretStr) -> SecretStr:
    try:
        read_key(key.get_secret_value())
    except ValueError as error:
        raise InvalidValueError(
            str(error), "use what `dispatch channels token-key` prints, which makes one"
        ) from None
    return key


def _secret_keys(given: object) -> object:
    return tuple(given.replace(",", " ").split()) if isinstance(given, str) else given


class Settings(BaseSettings):
    """What `load_settings` found; a field is the variable DISPATCH_ and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        default="sqlite:///dispatch.db",
        repr=False,  # a password may be in it
        description="sqlite:/// and a file (from the workspace's folder), or postgresql://...",
        examples=["postgresql://user:password@host/name"],
    )
    secret_key: Annotated[SecretStr, AfterValidator(_secret_key)] = Field(
        description="Signs the links in mails; made and kept in the workspace when absent."
    )
    old_secret_keys: Annotated[
        tuple[Annotated[SecretStr, AfterValidator(_secret_key)], ...], BeforeValidator(_secret_keys)
    ] = Field(
        default=(),
        description="Keys that signed links before, oldest first, with commas between them: their "
        "links go on working.",
    )
    token_key: Annotated[
        tuple[Annotated[SecretStr, AfterValidator(_token_key)], ...], BeforeValidator(_secret_keys)
    ] = Field(
        default=(),
        description="Seals what networks give us to post with, in the database; made by `dispatch "
        "channels token-key`. Of several, with commas between them, the first seals and each of "
        "them opens. It may be a file that holds them: file:/run/secrets/token-key.",
        examples=["file:/run/secrets/token-key"],
    )
    state_folder: Path = Field(
        default=Path(),
        description="Where dispatch remembers which database it sends from, and who has left, if "
        "it is not the workspace's folder (which may be read-only then).",
        examples=["/var/lib/dispatch"],
    )
    lease_seconds: int = Field(
        default=120, ge=2, le=86_400, description="How long a worker may hold a delivery."
    )
    workers: int = Field(
        default=4,
        ge=1,
        le=64,
        description="How many processes may send at once, this one among them; those for mail are "
        "started for large editions, as far as there are cores for them.",
    )
    feed_seconds: float = Field(
        default=30, gt=0, le=600, description="How long a feed may say nothing, in seconds."
    )
    private_networks: Annotated[tuple[Network, ...], BeforeValidator(_networks)] = Field(
        default=(),
        description="Networks and addresses that are not public and that feeds may come from "
        "all the same, with commas between them: 10.1.0.0/16, 127.0.0.1.",
        examples=["10.1.0.0/16, 127.0.0.1"],
    )
    feed_proxy: Annotated[SecretStr, AfterValidator(_proxy)] | None = Field(
        default=None,
        description="The proxy through which feeds are fetched, http://proxy.example.org:3128. "
        "It is then the proxy that must refuse private addresses.",
        examples=["http://proxy.example.org:3128"],
    )
    proxies: Annotated[tuple[Network, ...], BeforeValidator(_networks)] = Field(
        default=(),
        description="Networks and addresses of the web servers in front of `dispatch up`: what "
        "they say of who asks (X-Forwarded-For, Forwarded) is believed, and nobody else's word.",
        examples=["127.0.0.1, 10.0.0.0/8"],
    )
    dns_server: Annotated[str, AfterValidator(_dns_server)] = Field(
        default="",
        description="The name server that `dispatch doctor` asks, by its IP address; this "
        "machine's own by default.",
        examples=["9.9.9.9"],
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="Where `dispatch up` listens.")
    port: int = Field(default=8025, ge=0, le=65_535, description="The port; 0 for any free one.")
    edit_files: bool = Field(
        default=True,
        description="Whether the team's pages write `schedules.yaml` and `templates/`. With no "
        "they show what is to be written, for workspaces that are put in place by git.",
    )
    log_json: bool = Field(default=False, description="Log lines as JSON, for machines.")

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """All keys, the one that signs last."""
        return tuple(key.get_secret_value() for key in (*self.old_secret_keys, self.secret_key))

    @property
    def token_keys(self) -> tuple[str, ...]:
        """The keys that open what networks gave us; the first one seals."""
        return tuple(key.get_secret_value() for key in self.token_key)

    @classmethod
    def settings_customise_sources(  # type: ignore[override]  # the others are not used
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        **_others: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in: `load_settings` reads the environment it is given."""
        return (init_settings,)


def load_settings(
    folder: Path, environ: Mapping[str, str] | None = None, *, make_key: bool = True
) -> Settings:
    """The settings for the workspace in a folder; `environ` is the process's own by default.

    An empty variable counts as absent. Makes the secret key on first use, unless that is not
    wanted: then there is none. Raises BadInput with every variable that is unknown or cannot be
    used; never shows a value.
    """
    given = {
        name.removeprefix(PREFIX).lower(): value.strip()
        for name, value in (os.environ if environ is None else environ).items()
        if name.startswith(PREFIX) and not name.startswith(FOR_TESTS) and value.strip()
    }
    if given.get("token_key", "").startswith("file:"):
        given["token_key"] = _from_file("TOKEN_KEY", given["token_key"], folder)
    own_key = "secret_key" in given
    settings = _checked(given if own_key else given | {"secret_key": "made once the rest is right"})
    state_folder = folder.absolute() / settings.state_folder
    found = {
        "database_url": _in_folder(settings.database_url, folder),
        "state_folder": state_folder,
    }
    if not own_key and make_key:
        *old, found["secret_key"] = kept_secret_keys(folder, state_folder)
        found["old_secret_keys"] = (*settings.old_secret_keys, *old)
    settings = settings.model_copy(update=found)
    _check_number(settings)
    return settings


def _from_file(name: str, reference: str, folder: Path) -> str:
    try:
        return resolve(reference, folder=folder, environ={}).get_secret_value()
    except InvalidValueError as error:
        raise BadInput([error.at(WHERE, None, PREFIX + name)]) from None


def check_key(folder: Path, environ: Mapping[str, str] | None = None) -> None:
    """Raise BadInput where the key is lost that has signed what was sent; makes none."""
    environ = os.environ if environ is None else environ
    if not environ.get(f"{PREFIX}SECRET_KEY", "").strip():
        check_not_lost(folder, load_settings(folder, environ, make_key=False).state_folder)


def _check_number(settings: Settings) -> None:
    if len(settings.secret_keys) > MOST:
        key, problem = f"{PREFIX}OLD_SECRET_KEYS", f"there are more than {MOST} keys in all"
        advice = "remove the oldest ones, here or in .dispatch-secret: their links end"
        raise BadInput([FileProblem(WHERE, None, key, problem, advice)])


def is_postgres(database_url: str) -> bool:
    """Whether the address is that of a PostgreSQL server."""
    return database_url.startswith(POSTGRES)


def _checked(given: Mapping[str, str]) -> Settings:
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        schema = Settings.model_json_schema()
        known = [PREFIX + name.upper() for name in Settings.model_fields]
        problems = []
        for found in error.errors(include_url=False):
            key = PREFIX + str(found["loc"][0]).upper()
            if found["type"] == "extra_forbidden":
                words = ("unknown setting", did_you_mean(key, known))
            else:
                words = in_plain_words(found, schema)
            problems.append(FileProblem(WHERE, None, key, *words))
        raise BadInput(sorted(problems, key=str)) from None


def _in_folder(url: str, folder: Path) -> str:
    if not url.startswith(SQLITE):
        return url
    return f"{SQLITE}{(folder.absolute() / url.removeprefix(SQLITE)).as_posix()}"
