"""What plugins may use stays: each name of it is meant."""

import dispatch.plugin


def test_the_names_are_those_that_it_says():
    loaded = {name for name in vars(dispatch.plugin) if not name.startswith("_")}
    when_asked_for = set(dispatch.plugin._WHEN_ASKED_FOR)

    assert loaded | when_asked_for == set(dispatch.plugin.__all__)
    assert dispatch.plugin.__all__ == sorted(dispatch.plugin.__all__, key=_as_sorted_by_ruff)


def test_each_of_them_says_what_it_is():
    without = [name for name in dispatch.plugin.__all__ if not hasattr(dispatch.plugin, name)]

    assert without == []


def test_nothing_is_taken_away_without_a_notice_one_version_before():
    """Add to this list with each release; a name leaves it in the release after its notice."""
    in_0_1_0 = {
        "READY", "Accepted", "Address", "Api", "Capabilities", "Carries", "Clock", "Closing",
        "CredentialsRefused", "EmailMessage", "Extra", "Image", "Mail", "Message",
        "MessageUnusable", "Outcome", "OutcomeUnknown", "Provider", "ProviderError",
        "ProviderUnavailable", "RateLimited", "Ready", "Refused", "Reply", "SocialMessage",
        "TryLater", "WebAddress", "Wire", "WireEvent", "Wired", "WorkspacePath", "masked",
    }  # fmt: skip

    assert in_0_1_0 <= set(dispatch.plugin.__all__)


def _as_sorted_by_ruff(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)
