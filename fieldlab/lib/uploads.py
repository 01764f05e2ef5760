"""Files on their way in."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from fieldlab.lib.pictures import MOST_BYTES


class CappedUploadHandler(FileUploadHandler):
    """Stands before the others: of a file that is too large they get just so much that its form sees that; the rest is forgotten."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MOST_BYTES else None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        return None
