"""How a collaboration is called."""

from assessor.core.responses import Collaboration


def test_a_collaboration_is_called_by_its_party_and_its_undertaking_where_it_has_one():
    assert Collaboration(id="c", library="L", party="Kajen", undertaking="Gardens").name == "Kajen · Gardens"
    assert Collaboration(id="c", library="L", party="Kajen", undertaking="").name == "Kajen"
