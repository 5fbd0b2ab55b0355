"""Takes the pictures of the README from the running demonstration: `python3 tests/browser/pictures.py`."""

from browser import ELEMENT, ROOT, Browser, demonstration

PICTURES = ROOT / "docs" / "pictures"
# File name, who looks, where, and what is there once the page is ready.
SHOTS = [
    ("batch-card", "U0LEAD0001", "C0REVIEWS1", "//article//button[contains(., 'Approve')]"),
    ("named-approver-card", "U0FIN00001", "app", "//article//button[contains(., 'Recommend to billing')]"),
    ("escalation-card", "U0ENG00001", "C0INFRA001", "//article//button[contains(., 'Take')]"),
]


def main():
    with demonstration() as address, Browser(1280, 900) as page:
        for name, person, place, ready in SHOTS:
            page.go(f"{address}#as={person}&at={place}&live=off")
            page.call("POST", "/refresh", {})
            card = {ELEMENT: page.find(ready, 60)}
            page.run("arguments[0].closest('article').scrollIntoView({ block: 'start' })", card)
            page.picture(PICTURES / f"{name}.png")
            print(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    main()
