"""Where an error comes from, for those who ask for more (`--verbose`)."""

import traceback

import typer

from dispatch.errors import DispatchError


def tell_origin(error: BaseException) -> None:
    """Print which code raised it, and what made that do so, the first cause first.

    What others say in their own words is left out: there may be a secret in it.
    """
    cause = error.__cause__
    if cause is not None:
        tell_origin(cause)
    every = traceback.extract_tb(error.__traceback__)
    frames = traceback.format_list([one for one in every if "/typer/" not in one.filename])
    said = f": {error}" if isinstance(error, DispatchError) else ""
    typer.echo(f"{''.join(frames)}{type(error).__qualname__}{said}\n", err=True)
