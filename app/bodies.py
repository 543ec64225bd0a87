"""What a request brings. Most is short; where a file is brought, one that is too heavy is said beside its field, with all else kept."""

import io
from typing import IO, Any

from flask import Request, request

from tenants.documents import LARGEST

# A body over this is cut off instead of being read to its end.
DRAINED = 100 * 1024 * 1024
# As many files as a form takes that takes several.
FILES = 2
# Forms that say themselves how heavy a file may be.
BRING_FILES = {
    "workspace.followup.create_photo",
    "workspace.reports.create_photo",
    "workspace.referral.create_import",
    "network.create_network_photo",
    "network.create_plan_document",
}


class Shortened(io.BytesIO):
    """A file as it comes in. No more of it is kept than shows that it is too heavy, and nothing on a disk."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def write(self, data: Any, /) -> int:
        """Keep what there is room for, and take the rest as read."""
        super().write(data[: max(self.most - self.tell(), 0)])
        return len(data)


class Body(Request):
    """A request of this house."""

    files_begun = 0

    def _get_file_stream(self, *_told: Any, **_more: Any) -> IO[bytes]:
        self.files_begun += 1
        return Shortened(LARGEST + 1 if self.files_begun <= FILES else 1)


def take_files_whole() -> None:
    """Read forms that bring files to their end, so that the form can answer. Before anything else reads the form."""
    if request.method == "POST" and request.endpoint in BRING_FILES:
        request.max_content_length = DRAINED
