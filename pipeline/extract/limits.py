"""How large a file may become when it is opened: a small file must not fill the disk.

Belongs here: the limits and the words they are refused with. Does not belong here: opening files.
"""

from dataclasses import dataclass

from pipeline.extract.errors import UnreadableFileError

_FLOOR = 64 << 20  # below this a file is harmless, however well it is compressed
_REMEDY = "If it is meant, raise `PARCOURS_{}` for this run; else ask for the extract in smaller parts."


@dataclass(frozen=True)
class Limits:
    """Limits of one file.

    Attributes:
        unpacked_bytes: most bytes after decompression (for Parquet: most cells).
        unpacked_ratio: most bytes after decompression per byte in the drop, once 64 MiB are passed.
        line_bytes: most bytes between two line feeds.
    """

    unpacked_bytes: int = 64 << 30
    unpacked_ratio: int = 250
    line_bytes: int = 16 << 20

    def check_size(self, name: str, packed: int, unpacked: int) -> None:
        """Refuse what unpacks to more than is allowed.

        Args:
            name: the file.
            packed: its bytes on disk.
            unpacked: bytes, or cells, it has been found to hold so far.

        Raises:
            UnreadableFileError: a limit is passed.
        """
        if unpacked > self.unpacked_bytes:
            remedy = _REMEDY.format("UNPACKED_GIGABYTES")
            raise UnreadableFileError(name, f"it unpacks to more than {self.unpacked_bytes >> 20} MiB.", remedy)
        if unpacked > _FLOOR and unpacked > self.unpacked_ratio * packed:
            remedy = _REMEDY.format("UNPACKED_RATIO")
            raise UnreadableFileError(
                name, f"it unpacks to more than {self.unpacked_ratio} times its size, as no extract does.", remedy
            )

    def check_line(self, name: str, length: int) -> None:
        """Refuse a line that no extract has.

        Raises:
            UnreadableFileError: the limit is passed.
        """
        if length > self.line_bytes:
            raise UnreadableFileError(
                name,
                f"a line is longer than {self.line_bytes >> 20} MiB.",
                "A line feed is missing or a quote is left open: ask for the extract again.",
            )
