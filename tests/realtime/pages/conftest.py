"""Screenshots of the pages, for people to look at."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

SIZES = {"desktop": (1280, 1000), "phone": (420, 900)}


@pytest.fixture
def screenshot(browser: WebDriver) -> Callable[[str], None]:
    """Save the page, wide and narrow, light and dark, if SCREENSHOTS names a directory."""

    def take(name: str) -> None:
        if directory := os.environ.get("SCREENSHOTS"):
            for size, scheme in [(size, scheme) for size in SIZES for scheme in ("light", "dark")]:
                save(browser, Path(directory) / f"{name}-{size}-{scheme}.png", size, scheme)

    return take


def save(browser: WebDriver, path: Path, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    feature = {"name": "prefers-color-scheme", "value": scheme}
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    full = browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]["height"]
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {**metrics, "height": int(max(full, height))})
    path.parent.mkdir(parents=True, exist_ok=True)
    browser.save_screenshot(str(path))
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
