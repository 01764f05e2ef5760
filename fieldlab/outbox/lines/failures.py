"""What can come of an attempt that did not end in "sent". The reasons are stored and logged: they never hold an address or a text."""


class Refused(Exception):  # noqa: N818 - names what came of it
    """For good: the address or the message itself was refused."""


class NotNow(Exception):  # noqa: N818
    """Surely not sent; later it may be."""


class Lost(NotNow):
    """The line is gone or never came about; this message was surely not sent, and the next ones need a new line."""


class Unclear(Exception):  # noqa: N818
    """The line broke when the message had been handed over: it may have been sent."""
