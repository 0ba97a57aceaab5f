"""The graph: as a drawing, as a table, as SVG, as Mermaid text and as JSON, on every store."""

from xml.etree import ElementTree as ET

import pytest
from builders import World, a_tool, failed
from fakes import FakeClock

SVG = "{http://www.w3.org/2000/svg}"
LONG = "n" * 128


@pytest.fixture
def world(any_store):
    return World(any_store, FakeClock())


def connections(answer):
    return [(each["consumer"], each["producer"]) for each in answer["network"]["connections"]]


def image(answer):
    assert answer.status_code == 200
    return ET.fromstring(answer.data)


def links(drawing):
    return [link.get("href") for link in drawing.iter(f"{SVG}a")]


def test_every_integration_is_drawn_and_listed_worst_first(reader, history):
    text = reader.text("/graph")
    assert connections(reader.json("/graph")) == [("shop", "pricing"), ("fine", "pricing")]
    assert text.count('<a class="line ') == 2
    assert text.count('<a class="box') == 3
    assert "The same as a table" in text
    assert "pricing@1 failed it: quote." in text


def test_boxes_lead_to_participants_and_lines_to_integrations(reader, history):
    text = reader.text("/graph?focus=shop")
    assert 'href="/participants/shop" aria-current="true"><title>shop at 2</title>' in text
    assert 'href="/participants/pricing"><title>pricing at 1</title>' in text
    title = "<title>shop to pricing: failed. pricing@1 failed it: quote.</title>"
    assert f'href="/integrations/shop/pricing" color="#9c3000">{title}' in text


def test_a_state_is_a_word_a_shape_and_a_pattern(reader, history):
    history.publishes("late@1", "pricing", branch="main")
    text = reader.text("/graph")
    for word in ("failed", "verified", "pending"):
        assert f">{word}</text>" in text
    assert 'stroke-dasharray="1 6"' in text  # pending
    assert 'stroke-width="3.2"' in text  # failed


def test_around_a_participant_as_many_steps_as_asked(reader, history):
    history.publishes("pricing@2", "rates", branch="main")
    assert connections(reader.json("/graph?focus=SHOP")) == [("shop", "pricing")]
    assert len(connections(reader.json("/graph?focus=shop&depth=2"))) == 3
    assert connections(reader.json("/graph?focus=shop&depth=all")) == connections(
        reader.json("/graph")
    )
    assert "around <a" in reader.text("/graph?focus=SHOP")
    assert "<option selected>7</option>" in reader.text("/graph?focus=shop&depth=7")


@pytest.mark.parametrize("depth", ["0", "-1", "1.5", "one", "100", "٣", "1" * 5000])
def test_a_depth_that_is_no_number_of_steps_is_refused(reader, history, depth):
    answer = reader.get(f"/graph?focus=shop&depth={depth}")
    assert answer.status_code == 400
    assert "must be a whole number from 1 to 99, or all" in answer.text


def test_whom_nobody_knows_is_a_page_that_says_so(reader, history):
    answer = reader.get("/graph?focus=nobody")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "participant-unknown" in answer.text
    assert reader.get("/graph?env=nowhere").status_code == 404
    assert reader.get("/graph?focus=no%00body").status_code == 400
    assert reader.get("/graph?status=odd").status_code == 400
    assert reader.get("/graph.svg?focus=nobody").status_code == 404
    assert reader.get("/graph.mmd?focus=nobody").status_code == 404


def test_who_does_not_stand_in_the_environment_is_said_not_to(reader, history):
    history.publishes("fine@1", "rates")
    text = reader.text("/graph?env=production")
    assert "<title>rates, not in production</title>" in text
    assert "No version of rates stands in production." in text


@pytest.mark.parametrize("parameter", ["env", "environment"])
def test_an_environment_names_its_versions_and_takes_its_states(reader, history, parameter):
    history.has_environment("empty", production=False)
    found = reader.json(f"/graph?{parameter}=production")["network"]["connections"]
    assert found == [
        {
            "consumer": "fine",
            "producer": "pricing",
            "state": "verified",
            "because": "pricing@1 keeps to what fine@1 needs.",
            "consumer_versions": ["1"],
            "producer_versions": ["1"],
        }
    ]
    assert "No integration passes these filters" in reader.text(f"/graph?{parameter}=empty")
    assert "environment: empty" in reader.text(f"/graph?{parameter}=empty")


def test_a_status_leaves_its_own_and_counts_all(reader, history):
    found = reader.json("/graph?status=failed")
    assert connections(found) == [("shop", "pricing")]
    assert dict(found["network"]["counts"])["verified"] == 1
    assert 'class="count bad" href="/graph" aria-current' in reader.text(
        "/graph?status=failed"
    )  # the way back


def test_filters_that_let_nothing_pass_are_named_with_a_way_out(reader, history):
    text = reader.text("/graph?focus=shop&status=stale")
    assert "No integration passes these filters" in text
    assert "around: shop" in text
    assert 'href="/graph?focus=shop">clear' in text
    assert 'href="/graph?status=stale">clear' in text


def test_a_wide_graph_can_be_fitted_into_the_window(reader, world):
    for number in range(5):
        world.publishes(f"s{number}@1", f"s{number + 1}")
    text = reader.text("/graph?depth=2")
    assert 'class="network" role' in text
    assert 'href="/graph?depth=2&amp;size=fit">Fit it into the window</a>' in text
    fitted = reader.text("/graph?size=fit")
    assert 'class="network fitted" role' in fitted
    assert 'href="/graph">Show it in full size</a>' in fitted


@pytest.mark.parametrize("any_store", ["memory"], indirect=True)
def test_nothing_of_it_is_inline(reader, history):
    for path in ("/graph", "/participants/shop?tab=integrations"):
        text = reader.text(path)
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick=" not in text
        assert text.count("<script") == text.count("<script src=") == 1


@pytest.mark.parametrize("any_store", ["memory"], indirect=True)
def test_a_table_of_hundreds_ends_and_says_where_the_rest_is(reader, world):
    for number in range(502):
        world.publishes(f"c{number:03}@1", f"p{number:03}")
    text = reader.text("/graph?status=pending")
    assert text.count("<tr>") == 501
    assert '2 more that are no worse: see the <a href="/?view=list">overview as a list</a>' in text


def test_an_empty_broker_teaches_how_to_publish(reader):
    text = reader.text("/graph")
    assert "tally publish contracts/" in text
    assert 'class="filters"' not in text


def test_the_data_is_at_the_same_address_with_json_at_the_end(reader, history):
    answer = reader.get("/graph.json?focus=shop&status=failed")
    assert answer.mimetype == "application/json"
    assert answer.get_json()["wanted"] == {
        "focus": "shop",
        "depth": 1,
        "environment": None,
        "state": "failed",
    }


def test_whoever_has_the_page_gets_no_second_one_until_something_changes(reader, history):
    tag = reader.get("/graph.json").headers["ETag"]
    assert reader.get("/graph.json", **{"If-None-Match": tag}).status_code == 304
    history.publishes("late@1", "pricing")
    assert reader.get("/graph.json", **{"If-None-Match": tag}).status_code == 200


def test_the_drawing_is_an_image_to_keep_whose_links_lead_here(reader, history):
    answer = reader.get("/graph.svg")
    drawing = image(answer)
    assert answer.content_type == "image/svg+xml; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="graph.svg"'
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "http://localhost/integrations/shop/pricing" in links(drawing)
    assert len(links(drawing)) == 5
    assert "style" not in {each.tag.removeprefix(SVG) for each in drawing.iter()}


def test_the_image_of_nothing_says_so(reader, history):
    assert "No integration" in "".join(image(reader.get("/graph.svg?status=stale")).itertext())


def test_the_same_as_text_for_mermaid(reader, history):
    history.publishes("@web shop:x@1", "pricing", branch="main")
    answer = reader.get("/graph.mmd?focus=%40web%20shop:x")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="graph.mmd"'
    assert answer.text == (
        'flowchart LR\n  n0["#64;web shop#58;x"]\n  n1["pricing"]\n  n0 -.->|"pending"| n1\n'
    )


def test_what_strangers_wrote_is_text_everywhere(reader, world):
    name = '<script>alert("x")</script>&'
    world.publishes("@web:x+1@1", LONG, [a_tool(name)], branch="main")
    world.verifies(f"{LONG}@1", "@web:x+1@1", failed(name), branch="main")
    text = reader.text("/graph")
    drawing = image(reader.get("/graph.svg"))
    assert "<script>" not in text.replace("<script src", "")
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;&amp;" in text
    titles = [title.text for title in drawing.iter(f"{SVG}title")]
    assert f"@web:x+1 to {LONG}: failed. {LONG}@1 failed it: {name}." in titles
    assert links(drawing)[0] == "http://localhost/participants/@web:x%2B1"
    assert [each.tag for each in drawing.iter(f"{SVG}script")] == []
    assert LONG not in {node.text for node in drawing.iter(f"{SVG}text")}


@pytest.mark.parametrize("any_store", ["memory"], indirect=True)
def test_more_than_can_be_read_is_said_and_all_of_it_is_data(reader, world):
    for number in range(151):
        world.publishes(f"c{number:03}@1", "hub")
    text = reader.text("/graph")
    assert text.count('<a class="line ') == 149
    assert "Drawn are the 149 integrations that are worst off, of 151" in text
    assert text.count(" to hub</span></a>") == 151
    assert len(connections(reader.json("/graph"))) == 151


def test_the_partners_of_a_participant_are_drawn_above_their_tables(reader, history):
    text = reader.text("/participants/pricing?tab=integrations")
    assert text.count('<a class="line ') == 2
    assert 'href="/graph?focus=pricing">open the graph</a>' in text
    assert '<a class="line ' not in reader.text("/participants/pricing")


def test_the_graph_is_one_key_away_and_in_the_navigation(reader, history):
    assert '<a href="/graph" aria-current="page">Graph</a>' in reader.text("/graph?focus=shop")
    assert ["g g", "graph"] in reader.json("/help")["keys"]
