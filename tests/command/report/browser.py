"""A Chromium without a window, and a report that it has open."""

import json
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from golden.command.processes import guarded

PROGRAMS = ("chromium", "chromedriver")
SWITCHES = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")


def missing() -> str:
    """Return why there is no browser, or nothing."""
    absent = [name for name in PROGRAMS if not shutil.which(name)]
    return f"{' and '.join(absent)} must be installed" if absent else ""


@contextmanager
def browser() -> Generator[webdriver.Chrome]:
    """Start a browser; whatever becomes of it or of this process, no process of it is left."""
    options = webdriver.ChromeOptions()
    chromium, driver = (str(shutil.which(name)) for name in PROGRAMS)
    options.binary_location = chromium
    for switch in SWITCHES:
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with guarded() as group:
        service = Service(driver, popen_kw={"process_group": group})
        with webdriver.Chrome(options, service) as chrome:
            yield chrome


def show(chrome: webdriver.Chrome, page: Path, width: int = 1200, scheme: str = "light") -> None:
    """Open a page in a window of so many pixels, in light or dark mode."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    chrome.get(page.as_uri())


def computed(chrome: webdriver.Chrome, script: str, *values: Any) -> Any:
    """Return what a script gives for plain values, which travel as JSON."""
    text = chrome.execute_script(
        f"const values = JSON.parse(arguments[0]); return JSON.stringify((() => {{{script}}})());",
        json.dumps(values),
    )
    return json.loads(text)
