"""`--profile` says where the time went, on stderr, and changes nothing else."""

from collections.abc import Callable


def test_says_what_each_stage_took_and_leaves_the_output_alone(
    flaglint: Callable[..., object], write: Callable[..., None]
) -> None:
    write({"a.py": "import waffle\nwaffle.switch_is_active('k')\n"})
    plain = flaglint("refs", "--no-cache")
    timed = flaglint("refs", "--no-cache", "--profile")
    assert (timed.code, timed.out) == (plain.code, plain.out)
    assert "profile:" not in plain.err
    stages = [line for line in timed.err.splitlines() if line.startswith("profile: ")]
    assert any(line.endswith("ms  link") for line in stages)
    assert any("of this process on a core" in line for line in stages)
    (most,) = (int(line.split()[1]) for line in stages if line.endswith(" MB  at most"))
    assert 5 < most < 5_000


def test_is_taken_before_the_command_too_and_forgotten_by_the_next_run(
    flaglint: Callable[..., object], write: Callable[..., None]
) -> None:
    write({"a.py": "x = 1\n"})
    assert "profile:" in flaglint("--profile", "refs").err
    assert "profile:" not in flaglint("refs").err
