# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium that shows a page of ours, and what it tells of it."""

import json
import shutil
import time

import pytest

WIDE, PHONE = 1280, 390


def start():
    """The driver of a new browser. It must be installed: a test that skips shows nothing."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.fail("no chromium and chromedriver; scripts/install test installs them")
    from selenium import webdriver
    from selenium.webdriver.chrome import options, service

    wanted = options.Options()
    wanted.binary_location = chromium
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage"):
        wanted.add_argument(f"--{argument}")
    wanted.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(service=service.Service(driver), options=wanted)
    started.set_page_load_timeout(600)
    started.set_script_timeout(600)
    return started


class Page:
    """One page in the browser, every picture drawn."""

    def __init__(self, driver, path):
        self.driver, self.path = driver, path
        self.show()

    def show(self, width=WIDE, scheme="light"):
        """Loads it anew."""
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=900,
                     deviceScaleFactor=1, mobile=width < 500)  # fmt: skip
        self.command("Emulation.setEmulatedMedia",
                     features=[{"name": "prefers-color-scheme", "value": scheme}])  # fmt: skip
        self.driver.get("about:blank")
        for kind in ("browser", "performance"):
            self.driver.get_log(kind)
        self.driver.get(f"file://{self.path}")
        self.draw_all()

    def draw_all(self):
        """A picture is drawn when it comes near the window: goes to each in turn."""
        undrawn = "[...document.querySelectorAll('.chart')].filter((each) => !each.firstChild)"
        for _ in range(3_000):
            if not self.run(f"return {undrawn}.length"):
                return
            self.run(f"{undrawn}[0].scrollIntoView()")
            time.sleep(0.05)
        raise AssertionError(f"{self.run(f'return {undrawn}.length')} pictures were never drawn")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        """The addresses that the page asked for since it was loaded, itself included."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                yield message["params"]["request"]["url"]

    def texts(self, selector):
        return self.run("return [...document.querySelectorAll(arguments[0])].map("
                        "(each) => each.textContent)", selector)  # fmt: skip
