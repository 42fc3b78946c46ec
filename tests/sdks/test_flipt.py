"""The Flipt pack against flipt-client and flipt themselves."""

from real_sdk import RealSdk, installed, pack_called


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    installed("flipt_client", "flipt-client")
    installed("flipt", "flipt")
    from flipt.evaluation import AsyncEvaluation, Evaluation

    results = {
        "flipt.FliptClient.evaluation": Evaluation,
        "flipt.sync_client.FliptClient.evaluation": Evaluation,
        "flipt.AsyncFliptClient.evaluation": AsyncEvaluation,
        "flipt.async_client.AsyncFliptClient.evaluation": AsyncEvaluation,
    }
    RealSdk(pack_called("flipt"), results=results).check()


def test_the_client_has_its_evaluations_in_an_attribute() -> None:
    installed("flipt", "flipt")
    from flipt import FliptClient
    from flipt.evaluation import Evaluation

    client = FliptClient()
    assert isinstance(client.evaluation, Evaluation)
    client.close()


def test_the_key_is_inside_of_the_request() -> None:
    installed("flipt", "flipt")
    from flipt.evaluation import EvaluationRequest

    assert EvaluationRequest(flag_key="new-cart", entity_id="user", context={}).flag_key == "new-cart"
