"""Whether a file that somebody sends is known to do harm, asked of a clamd server over its own socket."""

import io
import logging
from urllib.parse import urlsplit

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings
from django.utils.translation import gettext as _

from fieldlab.lib.errors import DomainError, NotNow

logger = logging.getLogger(__name__)


def refuse_harmful(data: bytes) -> None:
    """Raises DomainError for what is known to do harm, NotNow when the scanner does not answer. Without CLAMD_URL nothing is asked."""
    if not settings.CLAMD_URL:
        return
    try:
        found = _scanner().instream(io.BytesIO(data))
        ((verdict, name),) = found.values()
    except (ClamdError, OSError, ValueError) as error:
        logger.error("The virus scanner does not answer: %s", type(error).__name__)
        raise NotNow(_("We cannot look at files just now. Try again in an hour, or call us.")) from error
    if verdict == "FOUND":
        logger.warning("The virus scanner refused a file: %s", name)
        raise DomainError(_("There is something harmful in this file. We did not keep it. Choose another one."))
    if verdict != "OK":
        logger.error("The virus scanner could not judge a file: %s", name)
        raise NotNow(_("We cannot look at files just now. Try again in an hour, or call us."))


def _scanner() -> ClamdNetworkSocket:
    url = urlsplit(settings.CLAMD_URL)
    if url.scheme == "unix":
        return ClamdUnixSocket(url.path, timeout=int(settings.CLAMD_TIMEOUT_SECONDS))
    return ClamdNetworkSocket(url.hostname or "localhost", url.port or 3310, timeout=settings.CLAMD_TIMEOUT_SECONDS)
