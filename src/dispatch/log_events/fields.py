"""What the fields of log lines mean."""

CONTEXT = {
    "campaign": "the campaign's name",
    "edition": "the edition's id",
    "feed": "the feed's name",
    "channel": "the channel's name",
}
"""Stands in every line that is said while one of them is at work, whoever says it."""

FIELDS = {
    **CONTEXT,
    "about": "what a review mail, or a mail to a reader, is about",
    "address": "the reviewer's address",
    "by": "the person who decided",
    "decision": "what the deadline decided",
    "deliveries": "how many deliveries are open",
    "delivery": "the delivery's number",
    "ended": "how many deliveries got their last state",
    "envelope": "the wake-up as it was found",
    "error": "the class of the error",
    "events": "what was told, in words and numbers",
    "first": "the first slot that was passed over",
    "job": "the job that a worker was woken for",
    "last": "the last slot that was passed over",
    "logger": "the library's name for who says it",
    "mails": "how many mails",
    "number": "how many slots were passed over, or pauses are over",
    "page": "the function that answers",
    "posts": "how many posts are new",
    "post": "the number of a post",
    "problem": "a sentence: thing, problem, advice",
    "reader_mail": "the number of a mail to a reader",
    "team_mail": "the number of a mail to the team",
    "readers": "how many people",
    "reason": "why, in words",
    "receiver": "the receiver's name",
    "reference": "what the client was given, to find this line by",
    "review_mail": "the review mail's number",
    "rows": "how many rows",
    "slot": "the slot, by its clock",
    "state": "the edition's state",
    "status": "the HTTP status of the answer",
    "step": "what was being done",
    "text": "a library's own words",
    "understood": "how many of them told something",
    "times": "how often it happened: at first 1, then the number of each minute",
}
"""A field has one meaning, whichever event it belongs to."""
