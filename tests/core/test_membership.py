"""Who may act as whom, and what lets somebody in: each role may do what those after it may, and nothing more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor.core.membership import CREDENTIAL_KINDS, HOST, MEMBER_ROLES, Credential, Member

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
MOMENTS = st.none() | st.datetimes().map(lambda moment: moment.replace(tzinfo=UTC))
LINK = Credential(
    digest="d",
    kind="link",
    subject=HOST,
    label="",
    maker=HOST,
    made=NOW - timedelta(days=1),
    opened=None,
    seen=None,
    expires=NOW + timedelta(days=1),
    withdrawn=None,
)


def member(role):
    return Member(id="m", library="a", library_name="Library A", name="", role=role, added=NOW)


def test_a_role_may_what_those_after_it_may():
    allowed = {(own, asked) for own, asked in product(MEMBER_ROLES, repeat=2) if member(own).may_act_as(asked)}

    assert allowed == {
        ("steward", "steward"),
        ("steward", "colleague"),
        ("steward", "reader"),
        ("colleague", "colleague"),
        ("colleague", "reader"),
        ("reader", "reader"),
    }


@pytest.mark.parametrize(
    ("changed", "admits"),
    [
        ({}, True),
        ({"opened": NOW}, False),
        ({"kind": "device", "opened": NOW}, True),
        ({"kind": "identity", "opened": NOW}, True),
        ({"expires": NOW}, False),
        ({"expires": NOW + timedelta(microseconds=1)}, True),
        ({"withdrawn": NOW - timedelta(days=1)}, False),
        ({"kind": "device", "withdrawn": NOW}, False),
    ],
)
def test_an_address_admits_until_it_is_opened_and_everything_until_it_ends(changed, admits):
    assert replace(LINK, **changed).admits_at(NOW) is admits


@given(st.sampled_from(CREDENTIAL_KINDS), MOMENTS, MOMENTS, st.timedeltas(min_value=timedelta(0)))
def test_what_admits_nobody_any_more_never_does_again(kind, opened, withdrawn, later):
    credential = replace(LINK, kind=kind, opened=opened, withdrawn=withdrawn)
    after = min(later, datetime.max.replace(tzinfo=UTC) - NOW)

    assert credential.admits_at(NOW) or not credential.admits_at(NOW + after)
