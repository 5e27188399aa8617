"""The signed links in what we send: who may do what, without a login."""

from collections.abc import Callable, Sequence

from dispatch.pipeline.messages.tokens import Bearer, Tokens


class SignedLinks:
    """Makes and reads links under the public address; the last of the `secrets` signs them.

    A link has no end date: somebody may want to leave years later.
    """

    def __init__(self, public_url: str, secrets: Sequence[str]) -> None:
        self._public_url = public_url
        self._leaving = Tokens(secrets, "unsubscribe")
        self._choosing = Tokens(secrets, "cadence")

    def unsubscribe_token(self, public_id: str, audience: str) -> str:
        """What proves that whoever has it may end this subscription."""
        return self.unsubscribe_tokens(audience)(public_id)

    def unsubscribe_tokens(self, audience: str) -> Callable[[str], str]:
        """Makes the tokens of one audience: a reader's public id to token, as above."""
        return self._leaving.maker(audience)

    def unsubscribe_url(self, token: str) -> str:
        """The page with the button, which is also the address for one-click (RFC 8058).

        It ends with the token.
        """
        return f"{self._public_url}/unsubscribe/{token}"

    def read_unsubscribe(self, token: str) -> Bearer:
        """Who it is for; raises NotFound for a link that we did not make."""
        return self._leaving.read(token)

    def cadence_token(self, public_id: str, audience: str) -> str:
        """What proves that whoever has it may choose how often this reader gets it."""
        return self.cadence_tokens(audience)(public_id)

    def cadence_tokens(self, audience: str) -> Callable[[str], str]:
        """Makes the tokens of one audience: a reader's public id to token, as above."""
        return self._choosing.maker(audience)

    def cadence_url(self, token: str) -> str:
        """The page where a reader chooses; it ends with the token."""
        return f"{self._public_url}/cadence/{token}"

    def read_cadence(self, token: str) -> Bearer:
        """Who it is for; raises NotFound for a link that we did not make."""
        return self._choosing.read(token)
