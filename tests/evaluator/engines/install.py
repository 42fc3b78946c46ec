"""Installs flagd's own engines beside the project: `python tests/evaluator/engines/install.py`.

The two generations of the Python core get an environment each, because their dependencies clash; the JavaScript core
is optional, for it needs node and npm. `FLAGLINT_ENGINES` names another folder than `.engines`. What is installed
already stays.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("FLAGLINT_ENGINES", ROOT / ".engines"))
PYTHON_CORES = {"python-v2": "openfeature-flagd-core==1.0.0", "python-v3": "openfeature-flagd-core==2.0.0"}
JAVASCRIPT_CORE = "@openfeature/flagd-core@^4.0.1"


def main() -> int:
    """Install what is missing; returns the exit code."""
    for name, requirement in PYTHON_CORES.items():
        install_python(FOLDER / name, requirement)
    if shutil.which("npm") is None:
        print("npm is not here: the JavaScript core is left out, and its tests will be skipped")
        return 0
    install_javascript(FOLDER / "javascript")
    return 0


def install_python(folder: Path, requirement: str) -> None:
    """Make an environment with one generation of the Python core."""
    done = folder / "installed.txt"
    if done.exists() and done.read_text() == requirement:
        return
    print(f"installing {requirement} into {folder}")
    venv.create(folder, clear=True, with_pip=True)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement], check=True)
    done.write_text(requirement)


def install_javascript(folder: Path) -> None:
    """Install the JavaScript core."""
    done = folder / "installed.txt"
    if done.exists() and done.read_text() == JAVASCRIPT_CORE:
        return
    print(f"installing {JAVASCRIPT_CORE} into {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}\n')
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", JAVASCRIPT_CORE], check=True, cwd=folder)
    done.write_text(JAVASCRIPT_CORE)


if __name__ == "__main__":
    sys.exit(main())
