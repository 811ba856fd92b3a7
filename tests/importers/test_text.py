"""Bytes become text, or a sentence."""

import pytest

from portfolio.importers.text import LARGEST, FileError, decode, read_bytes

WORDS = "date,type,account\n2025-01-03,DEPOSIT,台灣銀行\n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("cp950", "cp950"),
    ],
)
def test_text_reads_the_same_in_every_encoding(encoding, name):
    found = decode(WORDS.encode(encoding))

    assert (found.text, found.encoding) == (WORDS, name)


def test_text_in_no_known_encoding_names_the_byte_and_its_line():
    with pytest.raises(FileError, match="byte 0xFF is neither UTF-8 nor Big5") as error:
        decode(b"date,type\n2025-01-03,\xff\xff\n")

    assert error.value.line == 2


@pytest.mark.parametrize("data", [b"\0" * 5000, b"PK\x03\x04\0\0\0\0rest", b"date,type" + b"\0" * 9000])
def test_a_binary_file_is_no_text(data):
    with pytest.raises(FileError, match="is no text file"):
        decode(data)


def test_a_nul_far_into_a_text_is_found_too():
    with pytest.raises(FileError, match="NUL bytes") as error:
        decode(b"a,b\n" * 2000 + b"\0")

    assert error.value.line == 2001


def test_a_damaged_utf16_file_says_so():
    with pytest.raises(FileError, match="damaged"):
        decode(b"\xff\xfed\0a")


def test_an_empty_file_says_so(tmp_path):
    path = tmp_path / "empty.csv"
    path.touch()

    with pytest.raises(FileError, match="is empty"):
        read_bytes(path)


def test_a_hundred_megabytes_of_zeros_are_refused_without_being_read(tmp_path):
    path = tmp_path / "zeros.csv"
    with path.open("wb") as file:
        # sparse: takes no room on the disk, but would take it in memory
        file.truncate(100_000_000)

    with pytest.raises(FileError, match="is no text file"):
        read_bytes(path)


def test_a_text_file_that_is_too_large_says_how_large_one_may_be(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.write(b"date,type,account\n" * 300)
        file.truncate(LARGEST + 1)

    with pytest.raises(FileError, match="at most 20 MB"):
        read_bytes(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        read_bytes(tmp_path / "nothing.csv")
    with pytest.raises(FileError, match="is a folder"):
        read_bytes(tmp_path)
