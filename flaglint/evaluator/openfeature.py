"""The OpenFeature provider: flags of a flaglint registry behind the vendor-neutral client (`flaglint[openfeature]`).

from openfeature import api
from flaglint.evaluator.openfeature import FlaglintProvider

api.set_provider_and_wait(FlaglintProvider.from_path("flags.yaml", environment="production", watch=True))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

try:
    from openfeature.event import ProviderEventDetails
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        "the provider needs OpenFeature's SDK, which is not installed: pip install 'flaglint[openfeature]'",
        name=missing.name,
    ) from missing
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import FlagResolutionDetails
from openfeature.provider import AbstractProvider, Metadata

from flaglint.evaluator.evaluator import Evaluator
from flaglint.model import ValueType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import PathLike
    from typing import Self

    from openfeature.evaluation_context import EvaluationContext
    from openfeature.flag_evaluation import FlagValueType

_METADATA: Final = Metadata("flaglint")


class FlaglintProvider(AbstractProvider):
    """Serves the flags of an evaluator; every read has its sync and its async form, and none of them waits.

    The targeting key of the context is its `targetingKey`. Owner, type and expiry are the flag's metadata. A reload is
    a configuration-changed event with the changed keys; a broken edit is an error event, and what was last good is
    served until a ready event says that it was mended.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        super().__init__()
        self._evaluator = evaluator
        self._stop: Callable[[], object] | None = None

    @classmethod
    def from_path(cls, path: str | PathLike[str], *, environment: str | None = None, **options: Any) -> Self:
        """Return a provider of the registry at `path`; the options are those of `Evaluator.from_path`.

        Raises RegistryError when the registry cannot be read or has errors.
        """
        return cls(Evaluator.from_path(path, environment=environment, **options))

    def get_metadata(self) -> Metadata:
        """Return the provider's name."""
        return _METADATA

    def initialize(self, evaluation_context: EvaluationContext) -> None:  # noqa: ARG002 - there is nothing to wait for
        """Begin to tell the client of reloads, also when it is registered again after a shutdown."""
        self._evaluator.resume()
        if self._stop is None:
            self._stop = self._evaluator.listen(
                on_change=self._changed, on_error=self._broken, on_recovery=self._recovered
            )

    def shutdown(self) -> None:
        """Stop following the registry."""
        if self._stop is not None:
            self._stop()
            self._stop = None
        self._evaluator.close()

    def resolve_boolean_details(
        self,
        flag_key: str,
        default_value: bool,  # noqa: FBT001 - the signature is OpenFeature's
        evaluation_context: EvaluationContext | None = None,
    ) -> FlagResolutionDetails[bool]:
        """Return what the flag serves as a boolean."""
        return self._resolve(ValueType.BOOLEAN, flag_key, default_value, evaluation_context)

    def resolve_string_details(
        self, flag_key: str, default_value: str, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[str]:
        """Return what the flag serves as a string."""
        return self._resolve(ValueType.STRING, flag_key, default_value, evaluation_context)

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        """Return what the flag serves as an integer; a whole float is one."""
        return self._resolve(ValueType.INTEGER, flag_key, default_value, evaluation_context)

    def resolve_float_details(
        self, flag_key: str, default_value: float, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[float]:
        """Return what the flag serves as a float; an integer is one."""
        return self._resolve(ValueType.FLOAT, flag_key, default_value, evaluation_context)

    def resolve_object_details(
        self,
        flag_key: str,
        default_value: Sequence[FlagValueType] | Mapping[str, FlagValueType],
        evaluation_context: EvaluationContext | None = None,
    ) -> FlagResolutionDetails[Sequence[FlagValueType] | Mapping[str, FlagValueType]]:
        """Return the object or list that the flag serves, a copy of the caller's own."""
        return self._resolve(ValueType.OBJECT, flag_key, default_value, evaluation_context)

    def _resolve(
        self, value_type: ValueType, key: str, default: Any, context: EvaluationContext | None
    ) -> FlagResolutionDetails[Any]:
        attributes: dict[str, Any] = {}
        if context is not None:
            attributes.update(context.attributes)
            if context.targeting_key is not None:
                attributes["targetingKey"] = context.targeting_key
        found = self._evaluator.evaluate_as(value_type, key, attributes, default)
        return FlagResolutionDetails(
            value=found.value,
            error_code=None if found.error_code is None else ErrorCode(found.error_code.value),
            error_message=found.error_message,
            reason=found.reason.value,
            variant=found.variant,
            flag_metadata=self._evaluator.metadata(key),
        )

    def _changed(self, keys: frozenset[str]) -> None:
        self.emit_provider_configuration_changed(ProviderEventDetails(flags_changed=sorted(keys)))

    def _broken(self, reason: str) -> None:
        self.emit_provider_error(ProviderEventDetails(message=reason, error_code=ErrorCode.GENERAL))

    def _recovered(self) -> None:
        self.emit_provider_ready(ProviderEventDetails(message="the registry is served as it stands on disk again"))
