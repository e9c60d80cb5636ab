-- Answered requests (D-51; set-processing 2.3) and what came to the diagnostic port.
-- Every time is in milliseconds since 1970 UTC.
CREATE TABLE request (
  digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
  signer_thumb BLOB NOT NULL,
  rrpid BLOB NOT NULL,
  at INTEGER NOT NULL,
  answer BLOB NOT NULL,
  UNIQUE (signer_thumb, rrpid)
) STRICT;

CREATE TABLE diagnostic (
  id INTEGER PRIMARY KEY,
  peer TEXT NOT NULL,
  at INTEGER NOT NULL,
  octets BLOB NOT NULL
) STRICT;

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
