"""Answers for flagd's Python core: one JSON request per line on stdin, one JSON answer per line on stdout.

Run by the interpreter of an environment that has `openfeature-flagd-core`; it knows nothing of flaglint. A request is
`{"document": …, "evaluations": [[key, type, context, now], …]}`, an answer `[[variant, value, error], …]`.
"""

import json
import sys
import time

from openfeature.contrib.tools.flagd.core import FlagdCore
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import OpenFeatureError

DEFAULTS = {"boolean": False, "string": "", "integer": 0, "float": 0.0, "object": {}}


def main() -> None:
    """Answer until stdin ends."""
    import logging

    logging.disable()
    for line in sys.stdin:
        request = json.loads(line)
        core = FlagdCore()
        core.set_flags(json.dumps(request["document"]))
        answers = [evaluate(core, *item) for item in request["evaluations"]]
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


def evaluate(core: FlagdCore, key: str, kind: str, context: dict, now: float) -> list:
    """Return variant, value and error code of one evaluation; value None where the default is served."""
    time.time = lambda: now
    attributes = dict(context)
    target = attributes.pop("targetingKey", None)
    resolve = getattr(core, f"resolve_{kind}_value")
    try:
        found = resolve(key, DEFAULTS[kind], EvaluationContext(target, attributes))
    except OpenFeatureError as error:
        return [None, None, error.error_code.value]
    except Exception:
        return [None, None, "GENERAL"]
    return [found.variant, found.value if found.variant is not None else None, found.error_code]


if __name__ == "__main__":
    main()
