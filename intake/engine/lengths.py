"""How long what is stored may be, in characters: for whoever checks it and for the columns that hold it.

SQLite keeps anything; PostgreSQL refuses what is longer than its column, and with it all that was written beside it.
"""

from __future__ import annotations

ID = 40  # an id of a programme, and the label of its version
CODE = 64  # a column for one, also where a label was made longer; a rule's reason, the version of a consent text
LANGUAGE = 3
NAME = 120  # of a member of staff
EMAIL = 254  # RFC 5321
PHONE = 40  # a partner's or a programme's, as they write it
MESSAGE_ID = 320  # of a letter: an id, and a domain of at most 253
PROBLEM = 200  # why a letter is not sent
