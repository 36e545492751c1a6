"""Reports over HTTP: listed, shown, fetched, added and removed."""

import io

import httpx
import pytest
from api_client import EN, PROBLEM, STREAM, ZH, eventually, read
from PIL import Image

QUOTE = "We are a defendant in a suit by the town of Larkspur Ferry"
ORCHARD = "Orchard review\n\nThe orchard of Quillhaven harvested 7,310 crates of pears in 2031.\n"


def upload(client: httpx.Client, *files: tuple[str, bytes], **headers: str) -> httpx.Response:
    return client.post("/api/reports", files=[("file", file) for file in files], headers=headers)


def done(client: httpx.Client, response: httpx.Response) -> list[dict]:
    """What became of the files of an upload."""
    assert response.status_code == 202, response.text
    place = response.headers["location"]
    eventually(lambda: client.get(place).json()["state"] == "done")
    return client.get(place).json()["files"]


def test_reports_are_listed_and_filtered_by_their_cards(site):
    listed = site.get("/api/reports").json()
    assert {EN, ZH} <= {report["name"] for report in listed}
    english = site.get("/api/reports", params={"language": "en", "ticker": "hlcy"}).json()
    assert [(report["name"], report["company"]) for report in english] == [(EN, "Halcyra Water Systems, Inc.")]
    assert site.get("/api/reports", params={"company": "Nobody"}).json() == []
    assert site.get("/api/reports", params={"since": "soon"}).status_code == 422
    assert site.get("/api/reports", params={"langauge": "en"}).status_code == 422


def test_a_report_shows_its_card_and_sections_by_id_or_name(site):
    card = site.get(f"/api/reports/{EN}").json()
    assert card == site.get(f"/api/reports/{card['id']}").json()
    assert (card["pages"], card["file"], card["pictures"]) == (9, True, True)
    assert any("Note 5" in section for section in card["sections"])


def test_a_page_is_a_picture_with_the_quotation_framed(site):
    plain = site.get(f"/api/reports/{EN}/pages/9.png", params={"width": 500})
    framed = site.get(f"/api/reports/{EN}/pages/9.png", params={"width": 500, "quote": QUOTE})
    assert plain.headers["content-type"] == framed.headers["content-type"] == "image/png"
    assert (plain.headers["x-boxes"], int(framed.headers["x-boxes"]) > 0) == ("0", True)
    assert Image.open(io.BytesIO(plain.content)).width == 500
    assert plain.content != framed.content
    text = site.get(f"/api/reports/{EN}/pages/9").json()
    assert any(QUOTE in passage["text"] for passage in text["passages"])


def test_a_pdf_is_shown_and_may_be_kept_by_the_browser(site):
    id = site.get(f"/api/reports/{EN}").json()["id"]
    file = site.get(f"/api/reports/{id}/file")
    assert file.content.startswith(b"%PDF")
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"] == f'inline; filename="{EN}"'
    assert "max-age" in file.headers["cache-control"]
    assert site.get(f"/api/reports/{EN}/file").headers["cache-control"] == "no-store"  # the name's file may change
    part = site.get(f"/api/reports/{id}/file", headers={"range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"%PDF")


@pytest.mark.parametrize(
    "path",
    [
        "no.pdf", f"{EN}/pages/10.png", f"{EN}/pages/10", f"{EN}/pages/99999999999.png", "no.pdf/file",
        "..%2f..%2fcatalog.sqlite/file", "%2e%2e/file", "..%5c..%5ccatalog.sqlite", "catalog.sqlite/file",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_problem_whatever_its_name(site, path):
    response = site.get(f"/api/reports/{path}")
    assert (response.status_code, response.headers["content-type"]) == (404, PROBLEM)


@pytest.mark.parametrize("path", [f"{EN}/pages/0.png", f"{EN}/pages/x.png", f"{EN}/pages/1.png?width=9"])
def test_a_page_that_can_be_none_is_a_problem(site, path):
    assert site.get(f"/api/reports/{path}").status_code == 422


def test_a_report_is_added_found_replaced_and_removed(site):
    name = "orchard.txt"
    (new,) = done(site, upload(site, (name, ORCHARD.encode())))
    assert (new["status"], new["report"]["name"], new["stage"]) == ("added", name, "")
    hit = site.get("/api/search", params={"q": "crates of pears of Quillhaven", "k": 1}).json()[0]
    assert (hit["report"], hit["page"]) == (name, 1)
    picture = site.get(f"/api/reports/{name}/pages/1.png")
    assert (picture.status_code, "/pages/1" in picture.json()["remedy"]) == (404, True)
    assert "7,310" in site.get(f"/api/reports/{name}/pages/1").json()["passages"][-1]["text"]

    (same,) = done(site, upload(site, (name, ORCHARD.encode())))
    assert same["status"] == "unchanged"
    (other,) = done(site, upload(site, ("pears.txt", ORCHARD.encode())))
    assert (other["status"], other["report"]["name"], name in other["warnings"][0]) == ("unchanged", name, True)
    (changed,) = done(site, upload(site, (name, ORCHARD.replace("7,310", "7,420").encode())))
    assert changed["status"] == "replaced"

    assert site.delete(f"/api/reports/{name}").json()["name"] == name
    assert site.get(f"/api/reports/{name}").status_code == 404
    assert site.delete(f"/api/reports/{name}").status_code == 404


def test_an_upload_is_streamed_until_it_is_done(site):
    files = {"file": ("mill.txt", b"Mill\n\nThe mill of Osterby ground 88 tons.")}
    with site.stream("POST", "/api/reports", files=files, headers=STREAM) as response:
        told = list(read(response))
    assert {name for name, _ in told} == {"job"}
    assert [job["state"] for _, job in told if job["state"] != "done"]
    assert (told[-1][1]["state"], told[-1][1]["files"][0]["status"]) == ("done", "added")
    site.delete("/api/reports/mill.txt")


def test_of_several_files_the_bad_ones_are_explained_and_the_good_one_added(site):
    files = [
        ("broken.pdf", b"this is no PDF"),
        ("empty.txt", b""),
        ("fine.md", b"# Fine\n\nThe weir of Osterby holds."),
    ]
    states = done(site, upload(site, *files))
    assert [state["status"] for state in states] == ["failed", "failed", "added"]
    for state in states[:2]:
        assert state["error"]["type"] == "urn:report-qa:unreadable"
        assert state["error"]["remedy"]
        assert "report-qa-upload" not in state["error"]["detail"]  # the folder is nobody's business
    site.delete("/api/reports/fine.md")


def test_a_file_never_leaves_its_folder_whatever_its_name(site):
    names = ["../../../tmp/escaped.txt", "..\\..\\escaped.txt", "/etc/escaped.txt", "C:\\escaped.txt"]
    for number, name in enumerate(names):
        (state,) = done(site, upload(site, (name, f"Kiln {number}\n\nKiln {number} of Osterby fired bricks.".encode())))
        assert (state["file"], state["status"] in {"added", "replaced"}) == ("escaped.txt", True)
    site.delete("/api/reports/escaped.txt")


@pytest.mark.parametrize(
    ("name", "status"), [("tool.exe", 415), ("plain", 415), ("..", 422), ("x" * 300 + ".txt", 422), (".pdf", 415)]
)
def test_what_is_no_report_is_refused_at_once(site, name, status):
    response = upload(site, (name, b"text"))
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM)


def test_a_form_without_files_or_with_two_of_a_name_is_refused(site):
    assert site.post("/api/reports", data={"x": "y"}).status_code == 422
    assert upload(site, ("a.txt", b"one"), ("b/a.txt", b"two")).status_code == 422


def test_a_file_that_is_too_large_is_refused(open_site):
    client = open_site(max_file_mb=1)
    announced = upload(client, ("large.txt", b"x" * 2_100_000))
    assert (announced.status_code, announced.headers["content-type"]) == (413, PROBLEM)

    def form():
        yield b'--b\r\ncontent-disposition: form-data; name="file"; filename="large.txt"\r\n\r\n'
        for _ in range(40):
            yield b"x" * 65_536
        yield b"\r\n--b--\r\n"

    cut_off = client.post("/api/reports", content=form(), headers={"content-type": "multipart/form-data; boundary=b"})
    assert (cut_off.status_code, cut_off.headers["content-type"]) == (413, PROBLEM)
    assert client.get("/api/reports/large.txt").status_code == 404


def test_an_html_report_is_downloaded_not_run(site):
    page = b"<h1>Ledger</h1><p>The ledger of Osterby counts 31 sheep.</p><script>alert(1)</script>"
    done(site, upload(site, ("ledger.html", page)))
    file = site.get("/api/reports/ledger.html/file")
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in file.headers["content-security-policy"]
    site.delete("/api/reports/ledger.html")


def test_an_unknown_job_is_a_problem(site):
    assert site.get("/api/jobs/0123").status_code == 404
    assert site.delete("/api/jobs/0123").status_code == 404


def test_a_report_is_renamed_and_read_anew(site):
    done(site, upload(site, ("quay.txt", b"Quay\n\nThe quay of Osterby is 310 m long.")))
    assert site.patch("/api/reports/quay.txt", json={"name": "pier"}).json()["name"] == "pier.txt"
    taken = site.patch("/api/reports/pier.txt", json={"name": EN.replace(".pdf", ".txt")})
    assert taken.status_code == 200  # another ending, another name
    name = taken.json()["name"]
    done(site, upload(site, ("other.txt", b"Lock\n\nThe lock of Osterby is 12 m wide.")))
    refused = site.patch("/api/reports/other.txt", json={"name": name})
    assert (refused.status_code, refused.headers["content-type"]) == (409, PROBLEM)
    (anew,) = done(site, site.post(f"/api/reports/{name}/reread"))
    assert (anew["status"], anew["report"]["name"]) == ("replaced", name)
    assert site.post("/api/reports/no.pdf/reread").status_code == 404
    for one in (name, "other.txt"):
        site.delete(f"/api/reports/{one}")


def test_an_upload_is_cancelled(site):
    many = [(f"mound{n}.txt", f"Mound {n}\n\nThe mound {n} of Osterby is {n} m high.".encode()) for n in range(40)]
    place = upload(site, *many).headers["location"]
    site.delete(place)
    eventually(lambda: site.get(place).json()["state"] == "done")
    states = {file["status"] for file in site.get(place).json()["files"]}
    assert "cancelled" in states
    for report in site.get("/api/reports").json():
        if report["name"].startswith("mound"):
            site.delete(f"/api/reports/{report['name']}")
