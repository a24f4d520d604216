"""Maximum lengths of stored values in characters, for validation and for the columns.

SQLite ignores them; PostgreSQL refuses a longer value and rolls back its transaction.
"""

from __future__ import annotations

ID = 40  # an id of a programme, and the label of its version
CODE = 64  # the column for an id, also where a label was made longer; a rule's reason; the version of a consent text
LANGUAGE = 3
NAME = 120  # of a member of staff
EMAIL = 254  # RFC 5321
PHONE = 40  # of a partner or a programme, as they write it
MESSAGE_ID = 320  # of a letter: an id, and a domain of at most 253
PROBLEM = 200  # why a letter is not sent
