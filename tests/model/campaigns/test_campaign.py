"""What a plan says about itself."""

import pytest

from dispatch.model.campaigns.campaign import DkimPlan


@pytest.mark.parametrize(
    ("domain", "email", "aligned"),
    [
        ("example.org", "news@example.org", True),
        ("example.org", "news@EXAMPLE.org", True),
        ("example.org", "news@letters.example.org", True),
        ("mail.example.org", "news@example.org", True),
        ("example.org", "news@badexample.org", False),
        ("badexample.org", "news@example.org", False),
        ("example.com", "news@example.org", False),
    ],
)
def test_a_signature_counts_for_its_domain_and_those_above_and_below(domain, email, aligned):
    assert DkimPlan(domain, "news", "env:KEY").is_aligned_with(email) is aligned
