"""A form's maker and its reader agree on what its fields are called and on what is hidden in it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor.core.instrument import Instrument, Item, Outcome
from assessor.core.paper_fields import (
    FormField,
    FormIdentity,
    collaboration_fields,
    dump_identity,
    field_name_in_copy,
    parse_identity,
    split_field_name,
)

IDENTITY = FormIdentity(instrument="dokk1", version="1.0", digest="ab", language="sv", made="2026-11-22", copies=2)


def test_a_collaboration_s_fields_are_its_names_the_gut_feeling_each_item_with_a_note_and_the_gains():
    instrument = Instrument(
        id="small",
        version="1",
        items=(Item(id="payment", options=("none", "we_pay")),),
        outcomes=(Outcome(id="network"),),
        gains=("use",),
    )

    assert collaboration_fields(instrument) == (
        FormField(name="name-party", kind="text"),
        FormField(name="name-undertaking", kind="text"),
        FormField(name="name-library", kind="text"),
        FormField(name="name-respondent", kind="text"),
        FormField(name="gut-feeling", kind="choice", options=("network", "dont_know")),
        FormField(name="payment", kind="choice", options=("none", "we_pay", "dont_know")),
        FormField(name="note-payment", kind="text"),
        FormField(name="gain-use", kind="tick", options=("yes",)),
        FormField(name="step-what", kind="text", optional=True),
        FormField(name="step-who", kind="text", optional=True),
        FormField(name="step-when", kind="text", optional=True),
        FormField(name="quoted-note", kind="text", optional=True),
        FormField(name="note-", kind="text"),
    )


@given(st.sampled_from(("payment", "note-", "name-party", "7.x")), st.integers(1, 9999), st.integers(1, 9999))
def test_a_field_s_name_in_one_of_several_collaborations_is_split_again(name, copy, copies):
    copy = min(copy, copies)

    assert split_field_name(field_name_in_copy(name, copy, copies), copies) == (copy, name)


@pytest.mark.parametrize(
    "whole", ["payment", "0.payment", "3.payment", "01.payment", "10000.payment", "1.", ".payment"]
)
def test_a_name_of_no_collaboration_there_is_has_number_0(whole):
    assert split_field_name(whole, 2) == (0, whole)


def test_an_identity_comes_back_from_its_text():
    assert parse_identity(dump_identity(IDENTITY)) == IDENTITY


@pytest.mark.parametrize(
    "changed",
    [{"form": 2}, {"copies": 0}, {"copies": True}, {"copies": "2"}, {"version": 1.0}, {"more": "x"}],
    ids=str,
)
def test_what_is_no_identity_of_ours_is_none(changed):
    plain = json.loads(dump_identity(IDENTITY)) | changed

    assert parse_identity(json.dumps(plain)) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"form":1}', "[" * 100_000])
def test_what_is_not_even_an_object_is_none(text):
    assert parse_identity(text) is None
