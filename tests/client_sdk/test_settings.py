import pytest

from client_sdk.settings import AddressFault, BrokerAddress, broker_address


def find(tmp_path, environ=None, **given):
    return broker_address(
        environ={"NETRC": str(tmp_path / "netrc"), **(environ or {})}, folder=tmp_path, **given
    )


def write(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text)
    return file


def test_a_given_address_wins_over_the_environment_and_the_project(tmp_path):
    write(tmp_path, "pyproject.toml", '[tool.tallystick]\nbroker_url = "http://project"\n')
    environ = {"TALLY_BROKER_URL": "http://environment"}
    assert find(tmp_path, environ, url="http://given/").url == "http://given"
    assert find(tmp_path, environ).url == "http://environment"
    assert find(tmp_path).url == "http://project"


def test_the_nearest_project_file_says_the_address(tmp_path):
    write(tmp_path, "pyproject.toml", '[tool.tallystick]\nbroker_url = "http://project"\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert broker_address(environ={"NETRC": "/nowhere"}, folder=inner).url == "http://project"


def test_names_known_from_pact_are_understood(tmp_path):
    environ = {"PACT_BROKER_BASE_URL": "http://pact", "PACT_BROKER_TOKEN": "secret"}
    assert find(tmp_path, environ) == BrokerAddress("http://pact", "secret")


def test_the_token_comes_from_the_option_the_file_the_environment_or_netrc_in_this_order(tmp_path):
    write(tmp_path, "netrc", "machine broker login me password from-netrc\n")
    (tmp_path / "netrc").chmod(0o600)
    file = write(tmp_path, "token", "from-file\n")
    environ = {"TALLY_TOKEN": "from-environment"}
    given = {"url": "http://broker"}
    assert find(tmp_path, environ, **given, token="given", token_file=file).token == "given"
    assert find(tmp_path, environ, **given, token_file=file).token == "from-file"
    assert find(tmp_path, environ, **given).token == "from-environment"
    assert find(tmp_path, **given).token == "from-netrc"


@pytest.mark.parametrize("token", ["zz-secret\nsecond line", "zz-secret zz", "zz-secr\u00e9t"])
def test_a_token_that_no_header_can_carry_is_refused_and_not_shown(tmp_path, token):
    file = write(tmp_path, "token", token)
    for given in ({"token_file": file}, {"token": token}):
        with pytest.raises(AddressFault, match="cannot be sent") as refused:
            find(tmp_path, url="http://broker", **given)
        assert "zz-secr" not in str(refused.value)


def test_an_empty_token_file_is_a_mistake_and_not_the_wish_to_go_without(tmp_path):
    with pytest.raises(AddressFault, match="is empty"):
        find(tmp_path, url="http://broker", token_file=write(tmp_path, "token", "\n"))


def test_without_any_address_the_sentence_says_what_to_do(tmp_path):
    with pytest.raises(AddressFault, match="TALLY_BROKER_URL"):
        find(tmp_path)


@pytest.mark.parametrize("url", ["ftp://broker", "broker", "http://", "http://me:secret@broker"])
def test_an_address_that_cannot_be_used_is_refused(tmp_path, url):
    with pytest.raises(AddressFault):
        find(tmp_path, url=url)


def test_a_project_file_that_is_no_toml_is_named(tmp_path):
    write(tmp_path, "pyproject.toml", "not toml")
    with pytest.raises(AddressFault, match=r"pyproject\.toml cannot be read"):
        find(tmp_path)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [("broker_url = 3", "is not a string"), ('token = "x"', "take it out, and set TALLY_TOKEN")],
)
def test_a_project_file_that_says_too_much_or_nonsense_is_refused(tmp_path, line, sentence):
    write(tmp_path, "pyproject.toml", f"[tool.tallystick]\n{line}\n")

    with pytest.raises(AddressFault, match=sentence):
        find(tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        *("http://[::1", "http://broker:99999", "http://broker:abc", "http://bro ker"),
        *("http://broker\n:1", "http://broker?token=x", "http://broker/#/overview"),
    ],
)
def test_an_address_that_no_request_can_go_to_is_a_fault_before_any_is_made(tmp_path, url):
    with pytest.raises(AddressFault, match="the broker address"):
        find(tmp_path, url=url)


@pytest.mark.parametrize("scheme", ["http", "htps", "ftp"])
def test_a_password_in_an_address_is_never_shown(tmp_path, scheme):
    with pytest.raises(AddressFault, match="user name or password") as refused:
        find(tmp_path, url=f"{scheme}://me:zz-secret@broker")
    assert "zz-secret" not in str(refused.value)


def test_blanks_around_an_address_are_no_part_of_it(tmp_path):
    assert find(tmp_path, {"TALLY_BROKER_URL": " http://broker/ \n"}).url == "http://broker"


def test_a_table_of_ours_that_is_no_table_is_named(tmp_path):
    write(tmp_path, "pyproject.toml", '[tool]\ntallystick = "http://broker"\n')
    with pytest.raises(AddressFault, match="is not a table"):
        find(tmp_path)


def test_a_project_whose_tools_are_no_table_says_no_address(tmp_path):
    write(tmp_path, "pyproject.toml", 'tool = "hammer"\n')
    with pytest.raises(AddressFault, match="no broker address"):
        find(tmp_path)


def test_a_netrc_that_is_no_text_holds_no_token(tmp_path):
    (tmp_path / "netrc").write_bytes(b"\xff\xfe")
    assert find(tmp_path, url="http://broker").token is None
