"""Full-page pictures of a running demo, at the width of a phone and of a desk.

uv run python -m tests.screenshots / /kaart/ --as coordinator@demo.example --out screenshots
"""

import argparse
import re
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e import chromium

WIDTHS = {360: 800, 1280: 900}
PASSWORD = "fieldlab-demo"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("urls", nargs="+", metavar="URL", help="path on the demo, such as /kaart/")
    parser.add_argument("--out", type=Path, default=Path("screenshots"), help="folder for the pictures (screenshots)")
    parser.add_argument("--as", dest="email", default="", help="sign in as this account first")
    parser.add_argument("--base", default="http://localhost:8000", help="where the demo listens")
    parser.add_argument("--dark", action="store_true", help="in the dark scheme")
    parser.add_argument("--no-js", action="store_true", help="with JavaScript off")
    options = parser.parse_args()
    if not chromium.PATH:
        parser.exit(1, f"{chromium.MISSING}\n")
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.PATH, args=chromium.ARGUMENTS)
        for width, height in WIDTHS.items():
            context = browser.new_context(
                base_url=options.base,
                viewport={"width": width, "height": height},
                color_scheme="dark" if options.dark else "light",
                java_script_enabled=not options.no_js,
                reduced_motion="reduce",
                locale="nl-NL",
            )
            page = context.new_page()
            page.on("console", lambda message: print(f"  console: {message.text}") if message.type == "error" else None)
            if options.email:
                _sign_in(page, options.email)
            for url in options.urls:
                answer = page.goto(url, wait_until="networkidle")
                file = options.out / f"{_name(url)}-{width}.png"
                page.screenshot(path=file, full_page=True)
                sideways = page.evaluate("document.documentElement.scrollWidth") - width
                print(f"{answer.status if answer else '-'} {url} {file}" + (f"  scrolls {sideways} px sideways" if sideways > 0 else ""))
            context.close()
        browser.close()


def _name(url: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", url.lower()).strip("-") or "home"


def _sign_in(page: Page, email: str) -> None:
    page.goto("/account/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/account/login/" not in url)


if __name__ == "__main__":
    main()
