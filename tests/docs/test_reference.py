from tests.docs.reference import out_of_date


def test_the_reference_pages_say_what_the_code_says():
    assert out_of_date() == []
