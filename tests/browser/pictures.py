"""Takes the pictures of the README from the running demonstration: `python3 tests/browser/pictures.py`."""

import time

from browser import ELEMENT, ROOT, Browser, demonstration, wait_for

PICTURES = ROOT / "docs" / "pictures"
# File name, who looks, where, and what is there once the page is ready.
SHOTS = [
    ("batch-card", "U0LEAD0001", "C0REVIEWS1", "//article//button[contains(., 'Approve')]"),
    ("named-approver-card", "U0FIN00001", "app", "//article//button[contains(., 'Recommend to billing')]"),
    ("escalation-card", "U0BILL0001", "C0BILLING1", "//article//button[contains(., 'Refunding')]"),
]
QUIET = 4  # seconds without a change: all tickets are in and their cards stand


def come_to_rest(page):
    seen = {"text": None, "since": time.monotonic()}

    def unchanged():
        text = page.run("return document.body.innerText")
        if text != seen["text"]:
            seen.update(text=text, since=time.monotonic())
        return time.monotonic() - seen["since"] > QUIET

    wait_for("the demonstration to come to rest", unchanged, 120)


def main():
    with demonstration() as address, Browser(1280, 1000) as page:
        for name, person, place, ready in SHOTS:
            page.go(f"{address}#as={person}&at={place}")
            page.call("POST", "/refresh", {})
            page.find(ready, 120)
            come_to_rest(page)
            # Without the stream of news, so that nothing moves under the camera.
            page.go(f"{address}#as={person}&at={place}&live=off")
            page.call("POST", "/refresh", {})
            card = {ELEMENT: page.find(ready, 30)}
            page.run("arguments[0].closest('article').scrollIntoView({ block: 'start' })", card)
            page.picture(PICTURES / f"{name}.png")
            print(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    main()
