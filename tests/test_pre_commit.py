"""The hooks, run by the real pre-commit in throw-away repositories."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
PRE_COMMIT = shutil.which("pre-commit", path=str(Path(sys.executable).parent)) or shutil.which("pre-commit")

needs_pre_commit = pytest.mark.skipif(
    PRE_COMMIT is None, reason="PRE-COMMIT IS NOT INSTALLED, so its hooks were not tried: pip install pre-commit"
)

REGISTRY = "version: 1\nflags:\n  release-cart:\n    description: The cart\n    owner: '@web'\n    type: release\n"
CART = """\
from flaglint.evaluator import Evaluator

client = Evaluator.from_path("flags.yaml")


def total():
    return client.boolean("release-cart")
"""
MISSPELT = CART.replace("release-cart", "release-crat")


def run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one registered flag and one read of it, committed."""
    folder = tmp_path / "shop"
    folder.mkdir()
    run(folder, "git", "init", "-q")
    for name, value in {"user.name": "a", "user.email": "a@example.com", "core.hooksPath": "/dev/null"}.items():
        run(folder, "git", "config", name, value)
    for path, text in {"flaglint.toml": "", "flags.yaml": REGISTRY, "cart.py": CART}.items():
        (folder / path).write_text(text)
    run(folder, "git", "add", ".")
    run(folder, "git", "commit", "-qm", "one")
    return folder


@pytest.fixture
def hook(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run one hook of the manifest as it stands, but with the flaglint that is installed here."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    hooks = [{**entry, "language": "system"} for entry in yaml.safe_load(MANIFEST.read_text())]
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))

    def call(name: str, *options: str) -> "subprocess.CompletedProcess[str]":
        run(repository, "git", "add", ".")
        return run(repository, str(PRE_COMMIT), "run", name, "--color", "never", *options)

    return call


def test_both_manifests_are_the_same_bytes() -> None:
    assert MANIFEST.read_bytes() == (ROOT / "pre-commit-hooks.yaml").read_bytes()


@needs_pre_commit
def test_pre_commit_calls_the_manifest_valid() -> None:
    ran = run(ROOT, str(PRE_COMMIT), "validate-manifest", ".pre-commit-hooks.yaml")
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


@needs_pre_commit
class TestFlaglint:
    def test_a_misspelt_key_stops_the_commit(self, repository: Path, hook: Callable[..., object]) -> None:
        (repository / "cart.py").write_text(MISSPELT)
        ran = hook("flaglint")
        assert ran.returncode == 1
        assert "cart.py:7:12" in ran.stdout
        assert "undefined-flag: `release-crat` is not defined in flags.yaml" in ran.stdout

    def test_is_quiet_when_all_is_well(self, repository: Path, hook: Callable[..., object]) -> None:
        (repository / "cart.py").write_text(CART + "\n")
        ran = hook("flaglint", "--verbose")
        assert ran.returncode == 0
        assert [line for line in ran.stdout.splitlines() if not line.startswith("- ")] == [
            "flaglint" + "." * 65 + "Passed"
        ]

    def test_says_nothing_of_flags_that_other_files_read(self, repository: Path, hook: Callable[..., object]) -> None:
        (repository / "other.py").write_text("x = 1\n")
        assert hook("flaglint", "--files", "other.py").returncode == 0

    def test_leaves_excluded_files_alone(self, repository: Path, hook: Callable[..., object]) -> None:
        (repository / "flaglint.toml").write_text('exclude = ["cart.py"]\n')
        (repository / "cart.py").write_text(MISSPELT)
        assert hook("flaglint").returncode == 0

    def test_findings_do_not_depend_on_how_the_list_is_split(
        self, repository: Path, hook: Callable[..., object]
    ) -> None:
        folder = repository / ("a_folder_with_a_name_that_makes_the_list_long_enough_to_be_split" * 2)
        folder.mkdir()
        for number in range(3000):
            (folder / f"module_{number:04}.py").write_text(MISSPELT if number % 1000 == 0 else f"x = {number}\n")
        ran = hook("flaglint")
        assert ran.returncode == 1
        assert ran.stdout.count("undefined-flag") == 3


@needs_pre_commit
class TestRegistry:
    def test_a_mistake_stops_the_commit(self, repository: Path, hook: Callable[..., object]) -> None:
        (repository / "flags.yaml").write_text(REGISTRY + "    kil: true\n")
        ran = hook("flaglint-registry")
        assert ran.returncode == 1
        assert "flags.yaml:7:5" in ran.stdout

    def test_a_good_change_passes(self, repository: Path, hook: Callable[..., object]) -> None:
        (repository / "flags.yaml").write_text(REGISTRY + "    kill: true\n")
        assert hook("flaglint-registry").returncode == 0

    def test_is_not_asked_about_other_files(self, repository: Path, hook: Callable[..., object]) -> None:
        (repository / "cart.py").write_text(MISSPELT)
        assert "Skipped" in hook("flaglint-registry").stdout


@needs_pre_commit
class TestProject:
    def test_a_flag_that_nobody_reads_any_more_stops_the_commit(
        self, repository: Path, hook: Callable[..., object]
    ) -> None:
        (repository / "cart.py").write_text("x = 1\n")
        ran = hook("flaglint-project")
        assert ran.returncode == 1
        assert "unused-flag: `release-cart` is never read" in ran.stdout
        assert hook("flaglint").returncode == 0


@needs_pre_commit
def test_pre_commit_can_install_and_try_the_repository(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    source = tmp_path / "flaglint"
    listed = run(ROOT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, source / name)
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "x"],
    ):
        assert run(source, "git", *command).returncode == 0
    (repository / "cart.py").write_text(MISSPELT)
    ran = run(
        repository, str(PRE_COMMIT), "try-repo", str(source), "flaglint", "--files", "cart.py", "--color", "never"
    )
    if "An unexpected error has occurred" in ran.stdout and "install" in ran.stdout:
        pytest.skip("PRE-COMMIT COULD NOT INSTALL FLAGLINT: no package index within reach")
    assert ran.returncode == 1, ran.stdout
    assert "`release-crat` is not defined in flags.yaml" in ran.stdout
