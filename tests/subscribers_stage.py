"""What is read from subscribers/*.csv, in short."""

from dispatch.config.people.subscribers import SubscriberFile


def emails(file: SubscriberFile) -> list[str]:
    return [row.email for row in file.rows]


def said(file: SubscriberFile) -> list[str]:
    return [str(problem) for problem in file.problems]
