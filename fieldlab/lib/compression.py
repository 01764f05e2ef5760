from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """Pages for everybody take a fifth of their bytes. Not what no browser may keep: how long a compressed page is tells what is in it.

    Source: the BREACH attack, https://www.breachattack.com; Django's own random bytes make it slower, not impossible.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kept_private = "no-store" in response.get("Cache-Control", "")
        is_text = response.get("Content-Type", "").startswith(("text/", "application/json", "application/geo+json"))
        if kept_private or not is_text:
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
