"""Put a theme on a page, as it looks once nothing moves any more."""

from typing import Final

WEAR: Final = """theme => {
  document.documentElement.dataset.bsTheme = theme;
  document.body.offsetWidth;
  document.getAnimations().forEach((one) => one.finish());
}"""
