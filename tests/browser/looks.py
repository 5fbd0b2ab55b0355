"""Takes a picture of each form that a person can see, by clicking through the page: `python3 tests/browser/looks.py FOLDER`."""

import contextlib
import pathlib
import subprocess
import sys
import time

from browser import ELEMENT, ROOT, Browser, wait_for

LEAD, DEPUTY, AGENT = "U0LEAD0001", "U0LEAD0002", "U0AGENT001"
BILLING, BILLING_TOO = "U0BILL0001", "U0BILL0002"
FINANCE, FINANCE_LEAD = "U0FIN00001", "U0FIN00002"
ENGINEER, SECURITY, GUEST = "U0ENG00001", "U0SEC00001", "U0GUEST001"
REVIEWS, BILLING_ROOM, INFRA_ROOM = "C0REVIEWS1", "C0BILLING1", "C0INFRA001"
SECURITY_ROOM, SUPPORT_ROOM = "C0SECURIT1", "C0SUPPORT1"
TICKETS = [f"T-{number}" for number in range(1001, 1014)]
BOX = "//*[contains(@class, 'box-modal')]"


class Stage:
    """The product with a clock and faults that this script moves; the other end is `main.rs` next to this file."""

    def __init__(self):
        command = ["cargo", "test", "--locked", "--quiet", "--test", "browser", "--", "--ignored", "--nocapture"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
        self.address = self.hear("stage at ")

    def hear(self, beginning):
        for line in self.process.stdout:
            if line.startswith(beginning):
                return line.removeprefix(beginning).strip()
        raise SystemExit("the stage fell silent")

    def order(self, *orders):
        for order in orders:
            print(order, file=self.process.stdin, flush=True)
            self.hear("ok")

    def pass_by(self, seconds):
        self.order(f"advance {seconds}", "rest")

    def close(self):
        """The stage checks its journal and the messages that Slack would have refused, and says so by how it ends."""
        self.process.stdin.close()
        said = self.process.stdout.read()
        if self.process.wait(60):
            raise SystemExit(f"the stage is not content:\n{said}")


class Look:
    """Somebody at the page, with a camera."""

    def __init__(self, stage, page, folder):
        self.stage, self.page, self.folder = stage, page, folder
        self.count = 0

    def be(self, who, place):
        """Looks at a place as somebody, as it stands now."""
        self.stage.order("rest")
        self.page.go(f"{self.stage.address}#as={who}&at={place}&live=off")
        self.page.call("POST", "/refresh", {})
        self.page.find("//*[@id='persona']//*")
        time.sleep(0.3)

    def card(self, *words):
        """The path of the newest message with all these words."""
        holds = "".join(f"[contains(., {quoted(one)})]" for one in words)
        return f"(//article{holds})[last()]"

    def shoot(self, name, path):
        found = {ELEMENT: self.page.find(path, 10)}
        self.page.run("arguments[0].scrollIntoView({block: 'start'})", found)
        data = self.page.call("GET", f"/element/{found[ELEMENT]}/screenshot")
        self.count += 1
        self.page.keep(self.folder / f"{name}.png", data)

    def see(self, name, who, place, *words):
        self.be(who, place)
        self.shoot(name, self.card(*words))

    def press(self, who, place, words, button):
        self.be(who, place)
        self.page.click(f"{self.card(*words)}//button[contains(., {quoted(button)})]")
        time.sleep(0.4)
        self.stage.order("rest")

    def row(self, who, words, button, place=REVIEWS):
        """Presses a button of the first row of a batch card that has all these words and still has that button."""
        self.be(who, place)
        holds = "".join(f"[contains(., {quoted(one)})]" for one in words)
        rich = f"//article//*[contains(@class, 'block-rich_text')]{holds}"
        next_one = "/following-sibling::*[1][contains(@class, 'block-actions')]"
        self.page.click(f"({rich}{next_one}//button[contains(., {quoted(button)})])[1]")
        time.sleep(0.4)
        self.stage.order("rest")

    def modal(self, who, name, place=REVIEWS):
        """The window that stands open for somebody."""
        self.be(who, place)
        self.shoot(name, BOX)

    def write(self, path, text):
        self.page.run("arguments[0].value = ''", {ELEMENT: self.page.find(path)})
        self.page.write(path, text)

    def send(self, who, name=None, place=REVIEWS):
        """Sends the open window, and looks at what stands in its place."""
        self.page.click(f"{BOX}//footer//button[last()]")
        time.sleep(0.6)
        self.stage.order("rest")
        if name:
            self.modal(who, name, place)
        self.shut()

    def shut(self):
        button = f"{BOX}//footer//button[1]"
        if self.page.there(button):
            self.page.click(button)
            time.sleep(0.3)

    def slash(self, who, text, name, place=SUPPORT_ROOM):
        self.be(who, place)
        self.page.write("//*[@id='composer-text']", f"/triage {text} ")
        self.page.click("//*[@id='composer-send']")
        time.sleep(0.5)
        self.be(who, place)
        self.shoot(name, "(//article)[last()]")


def quoted(words):
    return f"'{words}'" if "'" not in words else f'"{words}"'


def waiting(look):
    everything(look, "1-waiting", [
        (REVIEWS, LEAD), (BILLING_ROOM, BILLING), (INFRA_ROOM, ENGINEER), (SECURITY_ROOM, SECURITY), (SUPPORT_ROOM, AGENT),
        ("app", FINANCE), ("app", LEAD), ("app", SECURITY),
    ])


def windows(look):
    """Every window, opened and left."""
    def opened(name, who, open_it, place=REVIEWS):
        open_it()
        look.modal(who, f"2-window-{name}", place)
        look.shut()

    opened("reject", LEAD, lambda: look.row(LEAD, ["Reply to the customer"], "Reject"))
    opened("edit-reply", LEAD, lambda: look.row(LEAD, ["Reply to the customer"], "Edit"))
    opened("edit-label", LEAD, lambda: look.row(LEAD, ["Label: bug"], "Edit"))
    opened("edit-priority", LEAD, lambda: look.row(LEAD, ["Priority: "], "Edit"))
    opened("edit-queue", LEAD, lambda: look.row(LEAD, ["Move to the queue"], "Edit"))
    opened("edit-refund-180", BILLING, lambda: look.row(BILLING, ["Refund of 180"], "Edit", BILLING_ROOM), BILLING_ROOM)
    refund, page = ["Approval needed", "900.00 USD"], ["Approval needed", "infrastructure"]
    opened("edit-refund-900", FINANCE, lambda: look.press(FINANCE, "app", refund, "Edit"), "app")
    opened("reject-refund-900", FINANCE, lambda: look.press(FINANCE, "app", refund, "Reject"), "app")
    opened("approve-refund-900", FINANCE, lambda: look.press(FINANCE, "app", refund, "Recommend"), "app")
    opened("approve-page", LEAD, lambda: look.press(LEAD, "app", page, "Approve"), "app")
    opened("edit-page", LEAD, lambda: look.press(LEAD, "app", page, "Edit"), "app")
    opened("details-refund-900", FINANCE, lambda: look.press(FINANCE, "app", refund, "Details"), "app")
    opened("details-reply", LEAD, lambda: look.row(LEAD, ["Reply to the customer"], "Details"))
    low = ["case #2", "Recommended"]
    opened("different-amount", BILLING, lambda: look.press(BILLING, BILLING_ROOM, low, "Different"), BILLING_ROOM)
    opened("not-refunding", BILLING, lambda: look.press(BILLING, BILLING_ROOM, low, "Not refunding"), BILLING_ROOM)
    opened("resolve", BILLING, lambda: look.press(BILLING, BILLING_ROOM, low, "Resolve"), BILLING_ROOM)
    look.row(LEAD, ["Nightly export"], "Details")
    for n in range(1, 5):
        look.modal(LEAD, f"2-window-details-long-{n}")
        if not look.page.there(f"{BOX}//button[contains(., 'Next')]"):
            break
        look.page.click(f"{BOX}//button[contains(., 'Next')]")
        time.sleep(0.6)
    look.shut()


def told(look, name, who, place):
    """The newest message that only this person sees."""
    look.be(who, place)
    look.shoot(name, "(//article)[last()]")


def decided(look):
    """Decisions of each kind, and the answer that each clicker gets."""
    reject_box = f"{BOX}//textarea"
    # Somebody without the right, somebody in time, somebody too late, and the same person twice.
    words = ["Refund of 180"]
    look.be(BILLING_TOO, BILLING_ROOM)
    look.row(AGENT, ["Reply to the customer"], "Approve", REVIEWS)
    told(look, "3-told-not-yours", AGENT, REVIEWS)
    look.row(BILLING, words, "Recommend", BILLING_ROOM)
    told(look, "3-told-recorded", BILLING, BILLING_ROOM)
    look.see("3-decided-batch-refund", BILLING, BILLING_ROOM, "Review", "Refund of 180")
    look.see("3-decided-work-card-180", BILLING, BILLING_ROOM, "case #3", "Recommended")
    look.row(LEAD, ["Reply to the customer", "for the suggestion"], "Approve")
    told(look, "3-told-reply", LEAD, REVIEWS)
    look.see("3-decided-batch-hold", LEAD, REVIEWS, "Review", "for the suggestion")
    look.row(LEAD, ["for the suggestion"], "Undo")
    told(look, "3-told-undone", LEAD, REVIEWS)
    look.row(LEAD, ["Nightly export"], "Reject")
    look.send(LEAD, "2-window-reject-empty")
    look.row(LEAD, ["Label: bug"], "Reject")
    look.page.click(f"({BOX}//input[@type='radio'])[1]")
    look.page.write(reject_box, "It is a limit and not a bug.")
    look.send(LEAD, "2-window-rejected")
    look.row(LEAD, ["Label: feature_request"], "Edit")
    look.write(f"({BOX}//input)[1]", "idea")
    look.page.write(f"{BOX}//textarea", "We call these ideas.")
    look.send(LEAD, "2-window-edited")
    look.see("3-decided-batch-mixed", LEAD, REVIEWS, "Review", "for the suggestion")
    # Named approvers.
    look.press(FINANCE, "app", ["Approval needed", "900.00 USD"], "Recommend")
    look.send(FINANCE, "2-window-approve-empty", "app")
    look.press(FINANCE, "app", ["Approval needed", "900.00 USD"], "Recommend")
    look.page.write(f"{BOX}//textarea", "Annual plan bought twice; the second charge is theirs.")
    look.send(FINANCE, "2-window-approved", "app")
    look.see("3-decided-dm-900", FINANCE, "app", "900.00 USD")
    look.see("3-decided-status-900", BILLING, BILLING_ROOM, "A status copy", "900.00 USD")
    look.press(LEAD, "app", ["Approval needed", "infrastructure"], "Approve")
    look.page.write(f"{BOX}//textarea", "Production is down for everybody.")
    look.send(LEAD)
    # The stage lets one write a minute out for that queue, and the phase-one note was it.
    look.see("3-held-dm-page", LEAD, "app", "infrastructure")
    look.stage.pass_by(61)
    look.see("3-decided-dm-page", LEAD, "app", "infrastructure")
    look.see("3-decided-paged", ENGINEER, INFRA_ROOM, "paged")
    look.press(DEPUTY, "app", ["case #9"], "Details")
    look.modal(DEPUTY, "2-window-details-deputy", "app")
    look.shut()
    look.press(DEPUTY, "app", ["Approval needed", "security"], "Reject")
    look.page.click(f"({BOX}//input[@type='radio'])[3]")
    look.send(DEPUTY)
    look.see("3-decided-dm-rejected", DEPUTY, "app", "Rejected")
    look.see("3-decided-status-rejected", SECURITY, SECURITY_ROOM, "Rejected")


def roles(look):
    """What a role does with its cards, and what the others see of it."""
    low = ["case #2", "Recommended"]
    look.press(ENGINEER, INFRA_ROOM, ["paged"], "Take")
    told(look, "4-told-taken", ENGINEER, INFRA_ROOM)
    look.see("4-role-taken", ENGINEER, INFRA_ROOM, "paged")
    look.press(ENGINEER, INFRA_ROOM, ["paged"], "Resolve")
    look.page.write(f"{BOX}//textarea", "Rolled back the release of this morning.")
    look.send(ENGINEER, "2-window-resolved", INFRA_ROOM)
    look.see("4-role-resolved", ENGINEER, INFRA_ROOM, "paged")
    look.press(BILLING, BILLING_ROOM, low, "Refunding")
    look.see("4-billing-refunding", BILLING, BILLING_ROOM, *low)
    look.press(BILLING_TOO, BILLING_ROOM, low, "Refunding")
    told(look, "4-told-answered-by-another", BILLING_TOO, BILLING_ROOM)
    for words, button, why in [
        (["case #3", "Recommended"], "Different", "120.00 USD: one team did use the month."),
        (["case #4", "Recommended"], "Not refunding", "Paid back by bank transfer already."),
    ]:
        look.press(BILLING, BILLING_ROOM, words, button)
        look.page.write(f"{BOX}//textarea", why)
        look.send(BILLING)
        look.see(f"4-billing-{button.lower().replace(' ', '-')}", BILLING, BILLING_ROOM, *words)
    look.see("4-dm-900-after-billing", FINANCE, "app", "900.00 USD")
    look.see("4-billing-continued", BILLING, BILLING_ROOM, "Continued")


def slashes(look):
    for text in ["status", "queue", "mine", "show 4", "why 4", "show 1", "help", "show 99", "frobnicate"]:
        look.slash(LEAD, text, f"5-triage-{text.replace(' ', '-')}")
    look.slash(GUEST, "status", "5-triage-guest", "C0GENERAL1")


def outcomes(look):
    """What becomes of a reply: out, refused, unknown, held, overtaken; and what nobody answers."""
    reply = "thank you for reporting"
    look.stage.pass_by(60)
    look.row(LEAD, [reply], "Approve")
    look.stage.order("refuse desk.writes")
    look.stage.pass_by(31)
    look.see("6-reply-refused", LEAD, REVIEWS, reply)
    look.stage.order("mend")
    look.row(LEAD, ["Reply to the customer", "case #11"], "Approve")
    look.stage.order("lose desk.writes", "break desk.lookup")
    for _ in range(60):
        look.stage.pass_by(120)
    look.see("6-reply-unknown", LEAD, REVIEWS, "Review", "Case #11", "Reply")
    look.stage.order("mend")
    look.row(LEAD, ["Priority: urgent"], "Approve")
    look.stage.pass_by(31)
    look.row(LEAD, ["Reply to the customer", "case #1"], "Approve")
    look.stage.pass_by(31)
    look.see("6-reply-held", LEAD, REVIEWS, "Review", "Case #1 ")
    look.stage.order("again T-1013 Never mind the dark mode. How do I export my data?", "rest")
    look.see("6-reply-superseded", LEAD, REVIEWS, "for the suggestion")
    look.stage.pass_by(9 * 3600)
    look.see("6-lapsed-batch", LEAD, REVIEWS, "Review", "Case #8")
    everything(look, "6-lapsed-8h", [("app", LEAD), (BILLING_ROOM, BILLING)])
    for _ in range(4):
        look.stage.pass_by(24 * 3600)
    everything(look, "7-days-later", [
        ("app", LEAD), ("app", FINANCE_LEAD), ("app", SECURITY), (BILLING_ROOM, BILLING), (SECURITY_ROOM, SECURITY),
        (SUPPORT_ROOM, AGENT), (REVIEWS, LEAD),
    ])


def everything(look, name, places, most=40):
    """Every message of some places."""
    for place, who in places:
        look.be(who, place)
        cards = look.page.run("return document.querySelectorAll('article').length")
        for n in range(max(1, cards - most + 1), cards + 1):
            look.shoot(f"{name}-{place.lower()}-{who.lower()}-{n:02}", f"(//article)[{n}]")


def narrow(look):
    """The same cards on a telephone."""
    look.page.call("POST", "/window/rect", {"width": 500, "height": 3600})
    look.page.call("POST", "/goog/cdp/execute", {
        "cmd": "Emulation.setDeviceMetricsOverride",
        "params": {"width": 380, "height": 3600, "deviceScaleFactor": 1, "mobile": True},
    })
    look.see("8-narrow-batch", LEAD, REVIEWS, "Review")
    look.see("8-narrow-billing", BILLING, BILLING_ROOM, "case #2", "Recommended")
    look.see("8-narrow-dm", FINANCE, "app", "Refund of")
    look.page.picture(look.folder / "8-narrow-page.png")


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    with contextlib.closing(Stage()) as stage, Browser(1200, 3600) as page:
        look = Look(stage, page, folder)
        stage.order(*[f"ticket {ticket}" for ticket in TICKETS], "rest")
        waiting(look)
        windows(look)
        decided(look)
        roles(look)
        slashes(look)
        outcomes(look)
        look.be(LEAD, "requests")
        page.picture(folder / "8-page-requests.png")
        narrow(look)
        print(f"{look.count} pictures in {folder}")


if __name__ == "__main__":
    main()
