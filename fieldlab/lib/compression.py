from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """Pages for everybody go compressed. Not what no browser may keep: how long a compressed page is tells what is in it.

    Source: the BREACH attack, https://www.breachattack.com; Django's own random bytes make it slower, not impossible.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        # Files and public data come compressed already, or would not get smaller
        is_page = response.get("Content-Type", "").startswith("text/html")
        if not is_page or "no-store" in response.get("Cache-Control", ""):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
