"""Makes three-screens.png from a running demonstration: `python docs/pictures/make.py http://127.0.0.1:8000`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.chromium import FLAGS, find

HERE = Path(__file__).parent
SLUG = "saint-mars-du-desert"


def sign_in(browser: Browser, address: str, who: str, width: int, height: int) -> Page:
    """A page signed in as a demonstration account."""
    page = browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR", base_url=address).new_page()
    page.goto("/connexion")
    page.fill("[name=email]", f"{who}@demo.essaimage.fr")
    page.fill("[name=password]", "essaimage-demo")
    page.click("main .btn-primary")
    page.wait_for_load_state()
    return page


def main(address: str) -> None:
    """Three screens, side by side."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=find(), args=[*FLAGS, "--allow-file-access-from-files"])
        phone = sign_in(browser, address, f"benevole.{SLUG}", 360, 740)
        phone.click("a.big")
        phone.click("main .list a >> nth=0")
        for door, outcome in (("4/41", "nobody"), ("4/42", "talked"), ("4/43", "nobody"), ("4/44", "nobody"), ("3/31", "again"), ("3/32", "nobody")):
            if outcome == "nobody":
                phone.click(f"button[value='{door}']")
            else:
                phone.click(f"a[data-door='{door}']")
                phone.click(f"dialog button[name={outcome}]")
            phone.wait_for_selector(f".door:not(.sending) a[data-door='{door}']:has-text('corriger')")
        pages = {"phone": phone, "day": sign_in(browser, address, f"coordination.{SLUG}", 1000, 740)}
        pages["network"] = sign_in(browser, address, "reseau", 1000, 740)
        pages["network"].goto("/reseau/?periode=toujours")
        for name, page in pages.items():
            page.screenshot(path=f"{folder}/{name}.png")
        sheet = browser.new_page(viewport={"width": 1500, "height": 480})
        figures = "".join(
            f'<img src="file://{folder}/{name}.png" style="height:440px;border:1px solid #dccfb6;border-radius:10px">' for name in pages
        )
        Path(f"{folder}/sheet.html").write_text(
            f'<body style="margin:0;padding:20px;display:flex;gap:20px;justify-content:center;background:#f1eadb">{figures}'
        )
        sheet.goto(f"file://{folder}/sheet.html")
        sheet.screenshot(path=HERE / "three-screens.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
