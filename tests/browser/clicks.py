"""A person at the page: what Finance On-call sees and clicks is what the help desk and billing get to see."""

from browser import Browser, demonstration

RECOMMEND = "//article//button[contains(., 'Recommend to billing')]"
BOX = "//*[contains(@class, 'box')]"


def main():
    with demonstration() as address, Browser() as page:
        page.go(f"{address}#as=U0STRANG01&at=C0BILLING1")
        page.reads("Nothing here leaves it")

        page.go(f"{address}#as=U0FIN00001&at=app")
        page.find(RECOMMEND, 60)
        page.click(RECOMMEND)
        # The high tier asks for the reason before it counts.
        page.write(f"{BOX}//textarea", "Annual plan bought twice; the second charge is theirs.")
        page.click(f"{BOX}//footer//button[not(contains(., 'Cancel'))]")
        page.reads("No money has moved")
        print("a click in the page is a decision on the card")


if __name__ == "__main__":
    main()
