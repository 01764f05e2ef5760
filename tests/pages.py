from django.http import HttpResponse


def text(response: HttpResponse, status: int = 200) -> str:
    """The page on one line. It must have been answered with this status."""
    page: str = response.content.decode()
    assert response.status_code == status, (response.status_code, page[:2000])
    return " ".join(page.split())
