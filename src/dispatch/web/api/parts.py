"""What the parts of addresses are, as the description tells it."""

PARTS = {
    "id": "Its id, as lists give it.",
    "number": "Its number, as lists give it.",
    "name": "Its name, as lists give it.",
    "handle": "The handle of somebody of the team.",
    "channel": "The name of a channel.",
    "slot": "The wall-clock time that it is for, as the calendar gives it.",
    "piece": "The id of a piece.",
    "file": "The name of one of its files.",
    "version": "The id of a version.",
}
