"""What the bytes of a file say, and where each place of the text is."""

import codecs
import errno
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flaglint.model import Position, Skipped
from flaglint.source import Text, decode, positions, positions_in, read, text


def text_of(data: bytes, path: str = "a.py") -> Text:
    found = decode(path, data)
    assert isinstance(found, Text), found
    return found


def reason(data: bytes, path: str = "a.py") -> str:
    found = decode(path, data)
    assert isinstance(found, Skipped)
    assert not found.unreadable
    return found.reason


class TestEncoding:
    def test_is_utf8_unless_something_says_otherwise(self) -> None:
        assert text_of("x = 'ä'\n".encode()).text == "x = 'ä'\n"

    @pytest.mark.parametrize(
        "head",
        [
            b"# -*- coding: latin-1 -*-\n",
            b"#!/usr/bin/env python\n# vim: set fileencoding=latin-1 :\n",
            b"\n#coding=latin-1\n",
        ],
    )
    def test_follows_the_coding_line_of_pep_263(self, head: bytes) -> None:
        found = text_of(head + b"x = '\xe4'\n")
        assert found.encoding == "iso8859-1"
        assert found.text.endswith("x = 'ä'\n")

    @pytest.mark.parametrize(
        "head", [b"x = 1\n# coding: latin-1\n", b"\n\n# coding: latin-1\n", b"'coding: latin-1'\n"]
    )
    def test_leaves_alone_what_only_looks_like_a_coding_line(self, head: bytes) -> None:
        assert reason(head + b"'\xe4'").startswith("it is not valid utf-8: byte 0xe4 in line ")

    def test_a_byte_order_mark_is_no_part_of_the_text(self) -> None:
        found = text_of(codecs.BOM_UTF8 + b"x = 1\n")
        assert (found.text, found.encoding, found.byte_offset(0)) == ("x = 1\n", "utf-8", 3)

    def test_a_byte_order_mark_against_the_coding_line_is_an_error_as_in_python(self) -> None:
        assert reason(codecs.BOM_UTF8 + b"# coding: latin-1\n") == (
            "its byte order mark says utf-8, but it declares the encoding `latin-1`"
        )

    def test_an_unknown_encoding_is_named(self) -> None:
        assert reason(b"# coding: klingon\n") == "it declares the encoding `klingon`, which Python does not know"

    @pytest.mark.parametrize("name", [b"rot13", b"base64", b"hex", b"undefined", b"punycode"])
    def test_a_codec_that_is_no_text_encoding_is_a_reason_and_no_exception(self, name: bytes) -> None:
        assert reason(b"# coding: " + name + b"\nx = '\xff\xfe'\n").startswith("it ")

    def test_the_first_bad_byte_and_its_line_are_named(self) -> None:
        assert reason(b"a = 1\nb = '\xff'\n") == "it is not valid utf-8: byte 0xff in line 2"

    def test_null_bytes_make_a_file_binary(self) -> None:
        assert reason(b"\x89PNG\0\0", "a.png") == "it is binary: it holds null bytes"
        assert reason(b"x = 1\0", "a.py") == "it is binary: it holds null bytes"

    def test_a_text_that_is_not_python_is_read_whatever_its_bytes_are(self) -> None:
        assert text_of(b"caf\xe9 new-checkout", "a.txt").text == "café new-checkout"
        assert text_of(codecs.BOM_UTF16_LE + "new-checkout".encode("utf-16-le"), "a.resx").text == "new-checkout"


class TestPlaces:
    def test_lines_end_where_python_ends_them(self) -> None:
        found = text_of(b"a\r\nb\rc\n\x0cd\xe2\x80\xa8e\n")
        assert found.lines == ("a", "b", "c", "\x0cd\u2028e", "")
        assert found.position(found.text.index("e")) == Position(4, 4)

    def test_columns_count_code_points_and_bytes_count_bytes(self) -> None:
        found = text_of("x = 1\nä = '𝄞', flag\n".encode())
        offset = found.text.index("flag")
        assert found.position(offset) == Position(2, 10)
        assert found.byte_offset(offset) == found.data.index(b"flag")
        assert found.char_offset(found.data.index(b"flag")) == offset

    def test_the_end_of_a_text_is_a_place(self) -> None:
        assert text_of(b"").position(0) == Position(1, 1)
        assert text_of(b"a\n").position(2) == Position(2, 1)

    @pytest.mark.parametrize("place", [Position(0, 1), Position(1, 0), Position(1, 4), Position(3, 1), Position(2, 2)])
    def test_a_place_that_is_not_there_is_a_value_error(self, place: Position) -> None:
        with pytest.raises(ValueError, match=r"a\.py has no"):
            text_of(b"ab\n").offset(place)

    @given(
        st.text(st.sampled_from("ab\n\r\x0c\u2028äß€𝄞 "), max_size=40),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    )
    def test_every_character_has_one_place_and_one_byte(self, text: str, encoding: str) -> None:
        data = text.encode(encoding)
        found = text_of(data, "a.txt")
        assert found.text == text
        for offset in range(len(text) + 1):
            assert found.offset(found.position(offset)) == offset
            assert found.char_offset(found.byte_offset(offset)) == offset
        body = data[found.mark :]
        assert [found.byte_offset(offset) for offset in range(len(text) + 1)] == [
            found.mark + len(text[:offset].encode(found.encoding)) for offset in range(len(text) + 1)
        ]
        assert body.decode(found.encoding) == text


class TestPositions:
    @settings(deadline=None)
    @given(
        st.text(st.sampled_from("ab\n\r\x0c\u2028äß€𝄞 "), max_size=40),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"]),
        st.sampled_from(["a.py", "a.txt"]),
        st.data(),
    )
    def test_are_those_of_the_decoded_text(self, text: str, encoding: str, path: str, data: st.DataObject) -> None:
        head = f"# coding: {encoding}\n" if path == "a.py" and encoding in {"latin-1", "cp1252"} else ""
        raw = (head + text).encode(encoding, "replace")
        decoded = decode(path, raw)
        if isinstance(decoded, Skipped):
            assert positions(path, raw, [0]) == decoded
            return
        numbers = data.draw(st.lists(st.integers(0, len(decoded.text)), min_size=1))
        offsets = {decoded.byte_offset(number): decoded.position(number) for number in sorted(numbers)}
        assert positions(path, raw, list(offsets)) == offsets
        assert positions_in(decoded, list(offsets)) == offsets

    @settings(deadline=None)
    @given(
        st.lists(st.sampled_from(["a", "\n", "ä", "€", "𝄞", b"\x80", b"\xff"]), max_size=40),
        st.integers(1, 9),
    )
    def test_of_long_lines_are_counted_block_by_block(self, pieces: list[str | bytes], block: int) -> None:
        parts = [piece if isinstance(piece, bytes) else piece.encode() for piece in pieces]
        data = b"".join(parts)
        decoded = decode("a.txt", data)
        assert isinstance(decoded, Text)
        starts = [sum(map(len, parts[:number])) for number in range(len(parts) + 1)]
        expected = {start: decoded.position(decoded.char_offset(start)) for start in starts}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(text, "_BLOCK", block)
            assert positions("a.txt", data, starts) == expected

    def test_of_a_file_that_is_no_utf_8_further_on_count_bytes(self) -> None:
        assert positions("a.txt", "é x\n".encode() + b"\xff", [3]) == {3: Position(1, 4)}

    def test_of_a_binary_file_are_none(self) -> None:
        assert positions("a.txt", b"x\0", [1]) == Skipped("a.txt", "it is binary: it holds null bytes")


class TestRead:
    def test_gives_the_bytes(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_bytes(b"x\r\n")
        assert read(tmp_path, "a.py") == b"x\r\n"

    def test_a_file_that_vanished_is_a_value(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a.py") == Skipped("a.py", "it vanished while flaglint ran", unreadable=True)

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of Unix")
    def test_a_pipe_is_a_value_and_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.py")
        assert read(tmp_path, "a.py") == Skipped("a.py", "it cannot be read: no regular file", unreadable=True)

    def test_a_file_that_cannot_be_opened_is_a_value(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").mkdir()
        assert read(tmp_path, "a.py") == Skipped("a.py", "it cannot be read: is a directory", unreadable=True)

    @pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM])
    def test_what_this_process_lacks_says_nothing_of_a_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
    ) -> None:
        def refuse(*_arguments: object) -> int:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "open", refuse)
        with pytest.raises(OSError, match=os.strerror(number)):
            read(tmp_path, "a.py")

    @pytest.mark.skipif(sys.platform == "win32", reason="files have no holes on Windows")
    def test_a_file_that_is_larger_than_the_memory_is_a_value(self, tmp_path: Path) -> None:
        with (tmp_path / "data.bin").open("wb") as file:
            file.truncate(1 << 43)  # 8 TB of nothing
        reason = "it cannot be read: it does not fit into memory"
        assert read(tmp_path, "data.bin") == Skipped("data.bin", reason, unreadable=True)

    def test_where_there_is_no_memory_a_small_file_is_not_to_blame(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_arguments: object) -> bytes:
            raise MemoryError

        (tmp_path / "a.py").touch()
        monkeypatch.setattr(os, "read", refuse)
        with pytest.raises(MemoryError):
            read(tmp_path, "a.py")
