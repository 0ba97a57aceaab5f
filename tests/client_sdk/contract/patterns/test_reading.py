import pytest

from client_sdk.contract.errors import ContractError
from client_sdk.contract.patterns import PatternInvalid, PatternUnsupported, compile_pattern


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("abc", "xabcx"),
        ("a.c", "a\U0001f600c"),
        (r"\d", "7"),
        (r"\D", "x"),
        (r"\w", "_"),
        (r"\W", "é"),
        (r"\s", "\ufeff"),
        (r"\s", "\u2028"),
        (r"\S", "\x1c"),
        (r"^\t\n\v\f\r$", "\t\n\v\f\r"),
        (r"^\0$", "\0"),
        (r"^\cJ\cj$", "\n\n"),
        (r"^\x41$", "A"),
        (r"^\u0041$", "A"),
        (r"^\u{1F600}$", "\U0001f600"),
        (r"^\uD83D\uDE00$", "\U0001f600"),
        (r"^[\uD83D\uDE00]$", "\U0001f600"),
        (r"^\uD83D\u0041$", "\ud83dA"),
        (r"^\uD83Dx$", "\ud83dx"),
        (r"^\.\*\/\^\$\|$", ".*/^$|"),
        (r"^\-\_\@\#$", "-_@#"),
        ("^a]b}c{d$", "a]b}c{d"),
        ("^a{,5}$", "a{,5}"),
        ("^a{x}$", "a{x}"),
        ("^a{1$", "a{1"),
        ("^[a-c]$", "b"),
        ("^[^a-c]$", "d"),
        ("^[-a]$", "-"),
        ("^[a-]$", "-"),
        (r"^[\w-.]$", "-"),
        (r"^[+-\d]$", "-"),
        (r"^[\b]$", "\b"),
        (r"^[\d\s]$", " "),
        (r"^[\]\\]$", "]"),
        ("^[[]$", "["),
        ("^[^]$", "\n"),
        (r"^\p{L}$", "é"),
        (r"^\p{Letter}\p{gc=Lu}\p{General_Category=Nd}$", "xA٣"),
        (r"^\p{LC}$", "\u01c5"),
        (r"^\P{ASCII}$", "é"),
        (r"^\p{Any}\p{Assigned}\p{AHex}\p{ASCII_Hex_Digit}$", "\nafF"),
        (r"^[\p{Lu}\d]$", "É"),
        ("^(?:a|b)(c)(?<n>d)$", "acd"),
        ("^a{2}b{1,}c{0,1}$", "aabb"),
        ("^a??b*?c+?d{1,2}?$", "ccd"),
        ("^a{0000000002}$", "aa"),
        ("a|", ""),
        ("", ""),
    ],
)
def test_a_pattern_finds_what_it_means(source, text):
    assert compile_pattern(source).search(text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("^a.c$", "a\nc"),
        ("^a.c$", "a\u2028c"),
        ("^a$", "a\n"),
        (r"^\d$", "٣"),
        (r"^\w$", "é"),
        (r"^\s$", "\x1c"),
        (r"^\s$", "\x85"),
        (r"^[^\d]$", "5"),
        ("[]", "a"),
        ("^[^a-c]$", "b"),
        (r"^\P{L}$", "é"),
        (r"\bfoo\b", "foobar"),
        (r"^\Ba", "a"),
        ("^(?=b)a", "a"),
        ("^(?!a)a", "a"),
        ("^a{2,3}$", "aaaa"),
        ("a^", "a"),
        ("$a", "a"),
    ],
)
def test_a_pattern_does_not_find_what_it_does_not_mean(source, text):
    assert not compile_pattern(source).search(text)


@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("a)", 1),
        ("(a", 0),
        ("(?:a", 0),
        ("[a", 0),
        ("[a-", 0),
        ("[z-a]", 1),
        ("*a", 0),
        ("a|+", 2),
        ("a**", 2),
        ("{2}", 3),
        ("^*", 0),
        (r"\b+", 0),
        ("(?=a)?", 0),
        ("a{2,1}", 1),
        (r"\a", 0),
        (r"\Aa\Z", 0),
        (r"[\1]", 1),
        ("a\\", 1),
        ("[\\", 1),
        (r"\01", 0),
        (r"\c1", 0),
        (r"\c", 0),
        (r"\x4", 0),
        (r"\u12", 0),
        (r"\u{}", 0),
        (r"\u{110000}", 0),
        (r"\u{41", 0),
        (r"\p", 0),
        (r"\pL", 0),
        (r"\p{L", 0),
        (r"\k", 0),
        ("(?P<n>a)", 0),
        ("(?>a)", 0),
        ("(?<1>a)", 0),
        ("(?<n", 0),
        ("(?", 0),
    ],
)
def test_a_pattern_outside_the_grammar_is_invalid_at_its_place(source, position):
    with pytest.raises(PatternInvalid) as refusal:
        compile_pattern(source)

    assert refusal.value.position == position


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (r"(a)\1", "back-reference"),
        (r"(?<n>a)\k<n>", "back-reference"),
        ("(?<=a)b", "look-behind"),
        ("(?<!a)b", "look-behind"),
        ("(?i)a", "flags"),
        ("(?-i:a)", "flags"),
        (r"\p{Script=Greek}", "property"),
        (r"\p{gc=Nope}", "property"),
        (r"\p{Nope}", "property"),
        ("a{10000}", "too-complex"),
        ("a{1,1000000000}", "too-complex"),
        ("(ab){501}", "too-complex"),
        ("((a{2}b){40}){40}", "too-complex"),
        ("(" * 51 + ")" * 51, "too-complex"),
        ("a" * 10_001, "too-complex"),
        ("".join(f"(?={letter}).*" for letter in "abcdefghi"), "too-complex"),
        ("(?=" + "".join(f"(?={letter}).*" for letter in "abcdefghi") + ")", "too-complex"),
    ],
)
def test_a_pattern_beyond_the_engine_is_unsupported_for_a_reason(source, reason):
    with pytest.raises(PatternUnsupported) as refusal:
        compile_pattern(source)

    assert refusal.value.reason == reason


def test_a_refusal_is_a_finding_with_code_and_place():
    with pytest.raises(ContractError) as refusal:
        compile_pattern("(a")

    assert refusal.value.code == "pattern-invalid"
    assert refusal.value.source == "(a"
    assert [fault.message for fault in refusal.value.faults] == [
        "the group is never closed (at character 0 of the pattern)"
    ]


@pytest.mark.parametrize(
    "source", ["(a|b){1000}", "[a-z]{1,9999}", "(?:a{1,63}b){0,126}", "|".join(["abc"] * 900)]
)
def test_long_but_narrow_patterns_are_accepted(source):
    assert compile_pattern(source).source == source


def test_a_pattern_is_compiled_once():
    assert compile_pattern("^once$") is compile_pattern("^once$")


def test_a_pattern_shows_its_source():
    assert repr(compile_pattern("^a$")) == "Pattern('^a$')"
