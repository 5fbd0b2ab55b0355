"""A headless Chromium over the WebDriver protocol (W3C), and the demonstration that it looks at. Standard library only."""

import base64
import contextlib
import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key under which WebDriver returns an element
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, question, seconds=30):
    """Asks until the answer is true, and says what it waited for where it never was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.1)
    raise SystemExit(f"waited {seconds} s in vain for {what}")


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


@contextlib.contextmanager
def demonstration():
    """The address of a running `countersign demo`."""
    subprocess.run(["cargo", "build", "--locked", "--quiet"], cwd=ROOT, check=True)
    with tempfile.TemporaryFile() as log:
        port = free_port()
        command = ["cargo", "run", "--locked", "--quiet", "--", "demo", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}/"
            wait_for("the demonstration to answer", lambda: process.poll() is not None or answers(address), 60)
            if process.poll() is not None:
                log.seek(0)
                raise SystemExit("the demonstration stopped:\n" + log.read().decode(errors="replace"))
            yield address
        finally:
            process.terminate()
            process.wait(20)


class Browser:
    """One window. Every wait is bounded."""

    def __init__(self, width=1400, height=900):
        if not shutil.which("chromedriver"):
            raise SystemExit("chromedriver is missing; install the packages chromium and chromium-driver")
        self.profile = tempfile.TemporaryDirectory()
        port = free_port()
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.base = f"http://127.0.0.1:{port}"
        wait_for("chromedriver", lambda: answers(self.base + "/status"))
        arguments = [*FLAGS, f"--user-data-dir={self.profile.name}", f"--window-size={width},{height}"]
        options = {"goog:chromeOptions": {"args": arguments}}
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": options}})
        self.base += f"/session/{session['sessionId']}"

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refused:
            return {"error": json.load(refused)["value"]["error"]}

    def go(self, address):
        self.call("POST", "/url", {"url": address})

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, xpath, seconds=30):
        """The first element that the path leads to, once there is one."""
        def look():
            found = self.call("POST", "/element", {"using": "xpath", "value": xpath})
            return found.get(ELEMENT)
        return wait_for(f"the element {xpath}", look, seconds)

    def there(self, xpath):
        return ELEMENT in self.call("POST", "/element", {"using": "xpath", "value": xpath})

    def click(self, xpath):
        """Clicks, and finds the element again where a redraw took it away in between."""
        def press():
            answer = self.call("POST", f"/element/{self.find(xpath)}/click", {})
            return not (isinstance(answer, dict) and answer.get("error"))
        wait_for(f"a click on {xpath}", press)

    def write(self, xpath, text):
        self.call("POST", f"/element/{self.find(xpath)}/value", {"text": text})

    def reads(self, words, seconds=30):
        """Waits until the page shows the words."""
        script = "return document.body.innerText.includes(arguments[0])"
        wait_for(f"the words {words!r} on the page", lambda: self.run(script, words) is True, seconds)

    def picture(self, path):
        self.keep(path, self.call("GET", "/screenshot"))

    def keep(self, path, data):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data))

    def close(self):
        self.call("DELETE", "")
        self.driver.terminate()
        self.driver.wait(20)
        self.profile.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
