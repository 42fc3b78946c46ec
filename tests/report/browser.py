"""A headless Chromium to open pages in, driven through a pipe by the DevTools protocol; no driver is needed.

Source of the protocol: chromedevtools.github.io/devtools-protocol. Messages are JSON with a null byte behind each.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless_shell")
_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio",
    "--disable-dev-shm-usage", "--remote-debugging-pipe", "about:blank",
)  # fmt: skip


def find_chromium() -> str | None:
    """Return where a Chromium is, or None: FLAGLINT_CHROMIUM names one, else the PATH is searched."""
    return os.environ.get("FLAGLINT_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@dataclass
class Page:
    """A page that is open: what it ran into, and what it asked the network for."""

    browser: Browser
    session: str
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        answer = self.browser.ask(
            "Runtime.evaluate", self.session, expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def screenshot(self, path: Path) -> None:
        """Write the whole page as PNG."""
        answer = self.browser.ask("Page.captureScreenshot", self.session, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(answer["data"]))


class Browser:
    """A Chromium with a profile of its own, gone with the block that it is opened in."""

    def __init__(self, program: str) -> None:
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        self._profile = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)

        def pipes() -> None:  # the protocol is spoken through the descriptors 3 and 4
            reads, writes = os.dup(to_browser), os.dup(from_browser)
            os.dup2(reads, 3)
            os.dup2(writes, 4)

        self._process = subprocess.Popen(
            [program, f"--user-data-dir={self._profile.name}", *_OPTIONS],
            preexec_fn=pipes,  # noqa: PLW1509 - it duplicates two descriptors, and no thread runs here
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._number = 0
        self._page: Page | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._out)
        try:
            self._process.terminate()
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        self._profile.cleanup()

    def ask(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Return the answer to a command; what happens meanwhile goes to the page."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer)

    def open(self, path: Path, *, width: int = 1200, dark: bool = False) -> Page:
        """Return a page that shows a file, when everything in it has run."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self._page = Page(self, session)
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable", session)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.ask("Emulation.setEmulatedMedia", session, features=scheme)
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700}
        self.ask("Emulation.setDeviceMetricsOverride", session, **size)
        self.ask("Page.navigate", session, url=path.resolve().as_uri())
        while not page.run("document.readyState === 'complete' && location.protocol === 'file:'"):
            pass
        return page

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            data = os.read(self._in, 1 << 20)
            assert data, "the browser has gone"
            self._buffer += data
        message, _, self._buffer = self._buffer.partition(b"\0")
        parsed: dict[str, Any] = json.loads(message)
        return parsed

    def _note(self, event: dict[str, Any]) -> None:
        page, details = self._page, event.get("params", {})
        if page is None or event.get("sessionId") != page.session:
            return
        if event["method"] == "Runtime.exceptionThrown":
            page.errors.append(json.dumps(details["exceptionDetails"]))
        elif event["method"] == "Log.entryAdded" and details["entry"]["level"] in {"error", "warning"}:
            page.errors.append(details["entry"]["text"])
        elif event["method"] == "Page.javascriptDialogOpening":
            page.errors.append(f"a dialog: {details['message']}")
            self.ask("Page.handleJavaScriptDialog", page.session, accept=True)
        elif event["method"] == "Network.requestWillBeSent":
            page.requests.append(details["request"]["url"])
