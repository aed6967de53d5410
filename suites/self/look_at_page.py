#!/usr/bin/env python3
"""Looks at pages of `holdpoint report` in headless Chromium, as a person with a phone or a screen would.

usage: look_at_page.py [--search WORD] [--shots DIR] PAGE.html...

Prints one line for each thing that is wrong, then what it found; exits with 1 when anything is. Speaks the DevTools
protocol over a pipe, so that no port and no library is needed.
"""
import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

WIDTHS = (390, 1280)

# What is too wide for the window, apart from what scrolls inside a box of its own.
TOO_WIDE = """
(() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (e) => { for (; e; e = e.parentElement) {
    if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(e).overflowX)) return true; } return false; };
  const wide = [...document.body.querySelectorAll('*')].filter((e) =>
    e.getBoundingClientRect().right > width + 1 && !scrolls(e.parentElement));
  return {page: document.documentElement.scrollWidth, width,
          wide: wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 120))};
})()
"""

SHOWN = """
(() => {
  const shown = (e) => e.checkVisibility();
  const count = (selector) => [...document.querySelectorAll(selector)].filter(shown).length;
  return {bar: count('.bar'), rows: count('tr.hit'), failures: count('details.failure'), cases: count('.cases li'),
          all: document.querySelectorAll('.hit').length, said: (document.getElementById('said') || {}).textContent,
          bodies: count('.failure .body')};
})()
"""


class Browser:
    """A headless Chromium with one tab. Requests of any kind are counted."""

    def __init__(self, folder):
        program = shutil.which("chromium")
        if not program:
            sys.exit("look_at_page.py: chromium is missing; scripts/setup check installs it")
        to_read, self.to_write = os.pipe()
        self.from_read, from_write = os.pipe()
        # The protocol wants its pipe at 3 and 4.
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{to_read} 4>&{from_write}', "-", program, "--headless", "--no-sandbox",
             "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe",
             f"--user-data-dir={folder}"],
            pass_fds=(to_read, from_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.buffer = b""
        self.number = 0
        self.events = []
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")

    def receive(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.from_read, 1 << 20)
            if not piece:
                sys.exit("look_at_page.py: chromium ended")
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"look_at_page.py: {method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.receive())

    def open(self, path, width, scripts=True, dark=False, fragment=""):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=844 if width < 700 else 900,
                  deviceScaleFactor=1, mobile=width < 700)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        # A page of its own each time: going to another fragment of the same one would load nothing.
        self.events = []
        self.call("Page.navigate", url="about:blank")
        self.wait("Page.loadEventFired")
        self.events = []
        self.call("Page.navigate", url="file://" + os.path.abspath(path) + fragment)
        self.wait("Page.loadEventFired")

    def ask(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            sys.exit(f"look_at_page.py: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def shoot(self, path, whole=False):
        data = self.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        self.call("Browser.close")
        self.process.wait()


class Look:
    def __init__(self, browser, page, shots):
        self.browser, self.page, self.shots = browser, page, shots
        self.faults = 0

    def expect(self, true, text):
        if not true:
            self.faults += 1
            print(f"wrong: {text}")

    def shoot(self, name):
        if self.shots:
            self.browser.shoot(os.path.join(self.shots, name + ".png"))

    def expect_quiet(self, when):
        """Nothing but the file itself was asked for, and nothing complained."""
        urls = [event["params"]["request"]["url"] for event in self.browser.events
                if event.get("method") == "Network.requestWillBeSent"]
        self.expect(len(urls) == 1, f"{when}: fetched {urls}")
        said = [event["params"] for event in self.browser.events
                if event.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")]
        self.expect(not said, f"{when}: the browser complained: {said}")

    def expect_fits(self, when):
        found = self.browser.ask(TOO_WIDE)
        self.expect(found["page"] <= found["width"] and not found["wide"], f"{when}: too wide: {found}")

    def widths(self):
        for width in WIDTHS:
            for dark in (False, True):
                when = f"{width} {'dark' if dark else 'light'}"
                self.browser.open(self.page, width, dark=dark)
                self.expect_fits(when)
                self.expect_quiet(when)
                self.shoot(f"{width}-{'dark' if dark else 'light'}")
            self.browser.ask("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            self.expect_fits(f"{width}, everything open")
            self.browser.ask("(document.querySelector('.failure') || document.body).scrollIntoView()")
            self.shoot(f"{width}-open")
            self.browser.ask("(document.querySelector('#requirements') || document.body).scrollIntoView()")
            self.shoot(f"{width}-requirements")

    def without_scripts(self):
        self.browser.open(self.page, 390, scripts=False)
        self.browser.call("Emulation.setScriptExecutionDisabled", value=False)
        found = self.browser.ask(SHOWN)
        self.expect(found["bar"] == 0, "without scripts the filter is shown, which cannot work")
        self.expect(found["rows"] > 0, "without scripts there are no requirements")
        self.expect(found["cases"] == 0, "cases are not folded")
        self.shoot("390-no-script")
        self.browser.ask("document.querySelector('.cases summary').click()")
        self.expect(self.browser.ask(SHOWN)["cases"] > 0, "without scripts the cases cannot be unfolded")
        link = self.browser.ask("(document.querySelector('td a') || {getAttribute: () => ''}).getAttribute('href')")
        if link:
            self.browser.open(self.page, 390, scripts=False, fragment=link)
            self.browser.call("Emulation.setScriptExecutionDisabled", value=False)
            self.expect(self.browser.ask(SHOWN)["bodies"] == 1, "a link to a failure does not open it")
            self.shoot("390-linked")

    def filter(self, word):
        self.browser.open(self.page, 1280)
        before = self.browser.ask(SHOWN)
        self.expect(before["bar"] == 1, "the filter is not shown")
        self.browser.ask("document.getElementById('search').focus()")
        self.browser.call("Input.insertText", text=word)
        found = self.browser.ask(SHOWN)
        wrong = self.browser.ask(
            "[...document.querySelectorAll('.hit')].filter((e) => e.checkVisibility() !="
            f" e.textContent.toLowerCase().includes({json.dumps(word.lower())})).map((e) => e.textContent.slice(0, 80))")
        shown = found["rows"] + found["failures"] + found["cases"]
        self.expect(not wrong, f"searching {word} shows or hides wrongly {wrong[:3]}")
        self.expect(shown > 0, f"searching {word} shows nothing")
        self.expect(found["said"] != "", "the search does not say what it found")
        self.shoot("1280-search")
        self.browser.call("Input.insertText", text=" no-page-has-this-word")
        none = self.browser.ask(SHOWN)
        self.expect(none["rows"] + none["failures"] + none["cases"] == 0, "searching what is nowhere shows something")
        self.browser.ask("document.querySelector('input[value=bad]').click();"
                         "document.getElementById('search').value = '';"
                         "document.getElementById('search').dispatchEvent(new Event('input'))")
        found = self.browser.ask(SHOWN)
        good = self.browser.ask("[...document.querySelectorAll('.hit')].filter((e) => e.checkVisibility() &&"
                                " !e.dataset.k.split(' ').includes('bad')).length")
        self.expect(good == 0, f"{good} that do not fail are shown among the failing")
        print(f"search {word}: {shown} of {found['all']}; failing: {found['said']}")

    def print_out(self):
        self.browser.open(self.page, 1280)
        data = self.browser.call("Page.printToPDF", preferCSSPageSize=True)["data"]
        self.expect(base64.b64decode(data)[:5] == b"%PDF-", "it cannot be printed")
        if self.shots:
            with open(os.path.join(self.shots, "print.pdf"), "wb") as file:
                file.write(base64.b64decode(data))

    def no_foreign_markup(self):
        """What a target sent is text: no element that the page does not make itself, no attribute that acts."""
        strange = self.browser.ask(
            "[...document.querySelectorAll('img,iframe,object,embed,link,base,form,svg,video,b[title],*[onclick],"
            "*[onerror],*[onload]')].map((e) => e.outerHTML.slice(0, 80))")
        self.expect(not strange, f"markup that the page does not make: {strange}")
        self.expect(self.browser.ask("document.scripts.length") == 1, "there is another script")


def look_at(browser, page, word, shots):
    look = Look(browser, page, shots)
    look.widths()
    look.no_foreign_markup()
    look.without_scripts()
    look.filter(word)
    look.print_out()
    print(f"{page}: {look.faults} wrong" if look.faults else f"{page}: good")
    return look.faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pages", nargs="+")
    parser.add_argument("--search", default="stranger")
    parser.add_argument("--shots")
    options = parser.parse_args()
    if options.shots:
        os.makedirs(options.shots, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=os.environ.get("HOLDPOINT_BUILD")) as folder:
        browser = Browser(folder)
        faults = sum(look_at(browser, page, options.search, options.shots) for page in options.pages)
        browser.close()
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
