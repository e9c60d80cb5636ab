-- Errors by the octets that they answer (set-processing 2.3).  Whoever sent those need not have been
-- verified: an RRPID is taken by what stands in "request" alone.
CREATE TABLE error (
  digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
  at INTEGER NOT NULL,
  answer BLOB NOT NULL
) STRICT;
CREATE INDEX error_at ON error (at);
