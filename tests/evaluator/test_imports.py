"""A service that evaluates flags must not load what only the linter and the report need."""

import subprocess
import sys

import pytest

LOADED = "import sys, {module}; print(*sorted(name for name in sys.modules if '.' not in name))"


@pytest.mark.parametrize(
    "module", ["flaglint.evaluator.evaluator", "flaglint.evaluator.testing", "flaglint.evaluator.proof"]
)
def test_the_evaluator_loads_without_the_parts_of_the_linter(module: str) -> None:
    code = LOADED.format(module=module)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"libcst", "click", "jinja2", "yaml", "openfeature", "jsonschema"} & set(run.stdout.split())


@pytest.mark.parametrize("missing", ["libcst", "click", "jinja2"])
def test_the_evaluator_works_where_they_are_not_installed(missing: str) -> None:
    block = f"import sys; sys.modules[{missing!r}] = None"
    code = f"{block}; from flaglint.evaluator import Evaluator; print(Evaluator.__name__)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "Evaluator\n"


def test_without_the_extra_the_provider_says_how_to_install_it() -> None:
    code = "import sys; sys.modules['openfeature'] = None; import flaglint.evaluator.openfeature"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stderr.splitlines()[-1] == (
        "ModuleNotFoundError: the provider needs OpenFeature's SDK, which is not installed: "
        "pip install 'flaglint[openfeature]'"
    )
