"""What a trial says of a template beside what is wrong with it."""


class Remark(str):
    """Something that somebody should know, and that keeps no digest from going out."""

    __slots__ = ()
