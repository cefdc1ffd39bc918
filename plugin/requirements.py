"""How to get what is missing on this system.  Nothing is installed from here."""

from __future__ import annotations

import sys
from pathlib import Path

from ..core.texts import text


def how_to_get(missing: list[str]) -> str:
    """What is missing, and the steps for this system, as text that can be copied."""
    system = system_kind()
    wanted = " ".join(f"'{name.replace(' ', '').replace('≥', '>=')}'" for name in missing)
    steps = text(
        f"shell.get_{system}",
        python=_python_name(),
        wanted=wanted,
        minor=f"{sys.version_info.major}.{sys.version_info.minor}",
    )
    return "\n\n".join([text("shell.missing_modules", modules=missing), steps, text("shell.installs_nothing")])


def system_kind(root: Path = Path("/")) -> str:
    """``windows``, ``macos``, ``flatpak``, ``debian12`` or ``linux``."""
    if sys.platform == "win32":
        return "windows"
    if sys.platform == "darwin":
        return "macos"
    if (root / ".flatpak-info").exists():
        return "flatpak"
    return "debian12" if _is_debian_12(root / "etc" / "os-release") else "linux"


def _is_debian_12(release: Path) -> bool:
    if not release.is_file():
        return False
    lines = release.read_text(encoding="utf-8", errors="replace").splitlines()
    values = {key: value.strip('"') for key, _, value in (line.partition("=") for line in lines)}
    return values.get("ID") == "debian" and values.get("VERSION_ID") == "12"


def _python_name() -> str:
    """The program that runs pip for the Python inside QGIS."""
    if sys.platform == "darwin":
        return str(Path(sys.prefix) / "bin" / "python3")
    return "python3"
