"""Files go in and come out the same, in a folder and in a bucket, and no key leaves its place."""

from pathlib import Path

import pytest
from flask import Flask
from obstore.store import S3Store

from storefront.kit.db import outside, step
from storefront.kit.storage import CHUNK, FileMissing, Storage, current_storage
from tests.s3 import BUCKET


@pytest.fixture(params=["folder", "file-url", "bucket", "bucket-with-prefix"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param.startswith("bucket"):
        request.getfixturevalue("s3")
    urls = {
        "folder": str(tmp_path / "var" / "files"),
        "file-url": (tmp_path / "my files").as_uri(),
        "bucket": f"s3://{BUCKET}",
        "bucket-with-prefix": f"s3://{BUCKET}/shop/files",
    }
    return Storage.from_url(urls[request.param])


def test_what_goes_in_comes_out(storage: Storage) -> None:
    content = bytes(range(256)) * 40
    storage.put("media/3f/3f9a-cover_1.webp", content, content_type="image/webp")
    assert storage.get("media/3f/3f9a-cover_1.webp") == content
    assert storage.exists("media/3f/3f9a-cover_1.webp")
    assert not storage.exists("media/3f")


def test_an_empty_file_is_a_file(storage: Storage) -> None:
    storage.put("empty", b"")
    assert storage.exists("empty")
    assert storage.get("empty") == b""
    assert b"".join(storage.stream("empty")) == b""


def test_putting_again_replaces_and_repeats_safely(storage: Storage) -> None:
    for content in (b"first", b"second, longer", b"second, longer", b"3"):
        storage.put("notes.txt", content, content_type="text/plain")
        assert storage.get("notes.txt") == content


def test_what_is_missing_is_said_at_once(storage: Storage) -> None:
    assert not storage.exists("nowhere/to-be-found")
    with pytest.raises(FileMissing, match="nowhere/to-be-found"):
        storage.get("nowhere/to-be-found")
    with pytest.raises(FileMissing, match="nowhere/to-be-found"):
        storage.stream("nowhere/to-be-found")


def test_deleting_forgets_and_may_be_repeated(storage: Storage) -> None:
    storage.put("a/b/one.txt", b"1")
    storage.put("a/b/two.txt", b"2")
    storage.delete("a/b/one.txt")
    storage.delete("a/b/one.txt")
    assert not storage.exists("a/b/one.txt")
    assert storage.get("a/b/two.txt") == b"2"


def test_a_large_file_streams_in_pieces(storage: Storage) -> None:
    content = bytes(range(251)) * 25_000  # 6.3 MB: obstore sends more than 5 MB in parts
    storage.put("large.bin", content)
    pieces = list(storage.stream("large.bin"))
    assert all(isinstance(piece, bytes) for piece in pieces)
    assert b"".join(pieces) == content
    assert len(pieces) > 1
    assert all(len(piece) >= CHUNK for piece in pieces[:-1])


@pytest.mark.parametrize(
    "key",
    [
        "", ".", "..", "../up", "a/../b", "a/..", "/etc/passwd", "a//b", "a/", "./a", "a/./b", ".hidden",
        "a/.hidden", "Upper", "with space", "naïve", "nul\x00", "line\n", "back\\slash", "%2e%2e/up",
        "a?b", "a#1", "a:b", "x" * 513,
    ],
)  # fmt: skip
def test_a_key_that_could_mean_something_else_is_refused(storage: Storage, key: str) -> None:
    for use in (storage.get, storage.stream, storage.exists, storage.delete):
        with pytest.raises(ValueError, match="can't be the key"):
            use(key)
    with pytest.raises(ValueError, match="can't be the key"):
        storage.put(key, b"")


def test_a_folder_holds_the_file_and_nothing_half_written(tmp_path: Path) -> None:
    storage = Storage.from_url(str(tmp_path))
    storage.put("media/one.txt", b"whole")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.relative_to(tmp_path).as_posix() for path in files] == ["media/one.txt"]
    assert files[0].read_bytes() == b"whole"


def test_a_relative_folder_is_fixed_when_the_shop_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    storage = Storage.from_url("var/files")
    monkeypatch.chdir("/")
    storage.put("one.txt", b"here")
    assert (tmp_path / "var/files/one.txt").read_bytes() == b"here"


@pytest.mark.usefixtures("s3")
def test_a_bucket_keeps_the_prefix_and_the_content_type() -> None:
    Storage.from_url(f"s3://{BUCKET}/shop/files").put("one.webp", b"picture", content_type="image/webp")
    bucket = S3Store.from_url(f"s3://{BUCKET}", client_options={"allow_http": True})
    kept = bucket.get("shop/files/one.webp")
    assert kept.attributes["Content-Type"] == "image/webp"
    assert kept.bytes().to_bytes() == b"picture"


@pytest.mark.parametrize("url", ["", "ftp://host/files", "http://host/files", "s3://", "file://host/files"])
def test_an_address_we_do_not_know_stops_the_start_with_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match=r"STORAGE_URL is .*; write a folder"):
        Storage.from_url(url)


def test_the_shop_has_one_storage(app: Flask) -> None:
    with outside():
        current_storage().put("one.txt", b"1")
        assert current_storage() is app.extensions["storage"]
    assert (Path(app.config["STORAGE_URL"]) / "one.txt").read_bytes() == b"1"


def test_no_transaction_waits_for_storage(app: Flask) -> None:
    with step(), pytest.raises(RuntimeError, match="inside `with outside"):
        current_storage()
