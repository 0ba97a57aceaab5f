"""The network: as a drawing, as a table, as SVG, as Mermaid text and as JSON."""

from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


def pairs(answer):
    return [
        (row["facts"]["integration"]["consumer"], row["facts"]["integration"]["producer"])
        for row in answer["rows"]
    ]


def test_every_integration_is_drawn_and_listed(reader, history):
    listed = pairs(reader.json("/graph?depth=all"))
    text = reader.text("/graph")

    assert listed
    assert text.count('class="line ') == len(listed)
    assert "The same as a table" in text


def test_the_drawing_by_itself_is_an_image(reader, history):
    answer = reader.get("/graph.svg")

    image = ET.fromstring(answer.data)
    assert answer.content_type.startswith("image/svg+xml")
    assert len(image.findall(f"{SVG}a/{SVG}rect")) == len(reader.json("/graph")["drawing"]["boxes"])


def test_the_same_as_text_for_mermaid(reader, history):
    history.publishes("web shop@1", "pricing", branch="main")

    text = reader.get("/graph.mmd?focus=web%20shop").text

    assert text.startswith("flowchart LR\n")
    assert '["web shop"]' in text
    assert "-->|pending|" in text or "-->|unverified|" in text


def test_a_participant_is_found_however_its_name_is_written(reader, history):
    assert pairs(reader.json("/graph?focus=SHOP")) == pairs(reader.json("/graph?focus=shop")) != []


def test_an_environment_leaves_what_both_sides_stand_in(reader, history):
    history.has_environment("empty", production=False)
    assert pairs(reader.json("/graph?env=empty")) == []
    assert "No integration passes these filters" in reader.text("/graph?env=empty")
    assert reader.get("/graph.svg?env=empty").status_code == 200
    assert reader.get("/graph?env=nowhere").status_code == 404


def test_a_status_leaves_its_own(reader, history):
    for state in ("failed", "verified", "pending"):
        rows = reader.json(f"/graph?status={state}")["rows"]
        assert {row["state"] for row in rows} <= {state}


def test_an_empty_broker_teaches_how_to_publish(reader):
    assert "tally publish contracts/" in reader.text("/graph")
