"""Row ids in notebooks: what is a thing's name, and what is a statement's."""

from casebook.named_rows import named_tables
from tests.conftest import RECORD


def test_tables_whose_rows_others_name_are_those_of_things() -> None:
    assert named_tables(RECORD) == {"sources", "entities", "lithium/ventures", "claims/claims"}
