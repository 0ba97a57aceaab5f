import pytest

from client_sdk.chaos.proxy import KINDS, FaultProxy, Toxic, toxic_from_json, toxic_from_text
from client_sdk.chaos.proxy.answers import head_in, whole_answer_in
from client_sdk.chaos.proxy.steps import EFFECTS
from client_sdk.errors import SettingsFault


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_works_with_its_defaults_and_has_an_effect(kind):
    assert Toxic(kind).name == kind
    assert kind in EFFECTS or kind == "down"


def test_a_toxic_is_read_as_the_command_line_has_it():
    toxic = toxic_from_text("latency:latency_ms=100,jitter_ms=20,toxicity=0.5,direction=upstream")

    assert toxic == Toxic("latency", {"latency_ms": 100, "jitter_ms": 20}, "upstream", 0.5)
    assert toxic_from_text("reset_peer:at=body,name=b") == Toxic(
        "reset_peer", {"at": "body"}, name="b"
    )
    assert toxic_from_json({"kind": "stall"}) == Toxic("stall")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("latencey", "toxic 'latencey' is unknown; did you mean 'latency'"),
        ("", "toxic '' is unknown"),
        ("latency:100", "'100' is no setting; write name=value"),
        ("latency:latencyms=1", "did you mean 'latency_ms'"),
        ("garbage:size=1", "garbage: setting 'size' is unknown; use none: it has none"),
        ("latency:latency_ms=-1", "latency_ms=-1.0 must be a number from 0"),
        ("latency:latency_ms=nan", "must be a number from 0"),
        ("latency:latency_ms=soon", "must be a number from 0"),
        ("slicer:size=0", "size=0.0 must be a number from 1"),
        ("bandwidth:bytes_per_s=0", "must be a number from 1"),
        ("reset_peer:at=end", "at='end' must be one of accept, answer, body"),
        ("latency:toxicity=2", "toxicity=2.0 must be a number from 0 to 1"),
        ("latency:toxicity=x", "toxicity='x' must be a number"),
        ("latency:direction=x", "direction='x' must be upstream or downstream"),
        ("stall:direction=upstream", "stall is about answers"),
    ],
)
def test_a_toxic_that_cannot_be_is_refused_by_name(text, message):
    with pytest.raises(ValueError, match=message):
        toxic_from_text(text)


@pytest.mark.parametrize("value", [None, [], {}, {"kind": 3}])
def test_json_without_a_kind_is_refused(value):
    with pytest.raises(ValueError, match="has no kind"):
        toxic_from_json(value)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\n"
IN_CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_head_is_found_once_it_is_complete():
    assert head_in(HEAD[:-1]) is None
    assert head_in(HEAD + b"body").length == 4


def test_a_head_can_be_framed_anew():
    assert head_in(HEAD).with_length(2) == (
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
    )
    assert b"Transfer-Encoding: chunked" in head_in(HEAD).chunked()


@pytest.mark.parametrize(
    ("seen", "has_ended", "body"),
    [
        (b"HTTP/1.1 200 OK\r\n", True, None),
        (HEAD + b"bo", False, None),
        (HEAD + b"bo", True, b"bo"),
        (HEAD + b"body and more", False, b"body"),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", False, None),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", True, b"until the end"),
        (IN_CHUNKS + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", False, b"abcde"),
        (IN_CHUNKS + b"3\r\nab", False, None),
        (IN_CHUNKS + b"zz\r\nab", False, None),
        (IN_CHUNKS + b"1", False, None),
    ],
)
def test_an_answer_is_whole_when_its_framing_says_so(seen, has_ended, body):
    answer = whole_answer_in(seen, has_ended=has_ended)

    assert (None if answer is None else answer.body) == body


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_some_answers_have_no_body(status):
    assert head_in(b"HTTP/1.1 " + status + b"\r\n\r\n").has_no_body


@pytest.mark.parametrize("value", [None, "5", [5], True, float("nan"), float("inf"), -1])
def test_a_setting_that_is_no_number_is_refused_by_name(value):
    """c8"""
    with pytest.raises(ValueError, match=r"latency: latency_ms=.* must be a number from 0"):
        Toxic("latency", {"latency_ms": value})


@pytest.mark.parametrize("toxicity", [None, "0.5", True, float("nan"), 1.5])
def test_a_share_that_is_no_number_is_refused_by_name(toxicity):
    """c8"""
    with pytest.raises(ValueError, match=r"toxicity=.* must be a number from 0 to 1"):
        Toxic("latency", toxicity=toxicity)


@pytest.mark.parametrize("most", [0, -1, 1.5, True, None])
def test_a_proxy_that_would_let_nobody_in_is_refused(most):
    """c8"""
    with pytest.raises(ValueError, match="max_connections"):
        FaultProxy("127.0.0.1:9", max_connections=most)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_there_is_not_is_refused(port):
    """c11"""
    with pytest.raises(SettingsFault, match="cannot listen"):
        FaultProxy("127.0.0.1:9", port=port).start()


@pytest.mark.parametrize("upstream", ["http://127.0.0.1:9/v1?key=x", "127.0.0.1:9#x"])
def test_an_upstream_loses_no_part_of_its_address_in_silence(upstream):
    """c11"""
    with pytest.raises(SettingsFault, match="query or fragment"):
        FaultProxy(upstream)
