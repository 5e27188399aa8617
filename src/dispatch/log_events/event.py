"""What is declared of a line that the log can say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogEvent:
    """`message` is its sentence, with fields in braces; `when` says what has happened."""

    level: str
    message: str
    when: str
    fields: tuple[str, ...] = ()


AS_THEY_SAY = "as theirs"
"""The level of what libraries say: it is theirs, from warning up."""
