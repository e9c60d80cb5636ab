-- Who the wallet is and how its key is kept.  One row each (id = 1).
CREATE TABLE wallet (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  wallet_id TEXT NOT NULL CHECK (length(wallet_id) BETWEEN 1 AND 32),
  roles INTEGER NOT NULL CHECK (roles BETWEEN 1 AND 7),
  language TEXT NOT NULL,
  org_id TEXT,
  merchant_id TEXT,
  capture_now INTEGER NOT NULL CHECK (capture_now IN (0, 1)),
  require_cardholder_certificate INTEGER NOT NULL CHECK (require_cardholder_certificate IN (0, 1)),
  max_message_bytes INTEGER NOT NULL,
  max_pending INTEGER NOT NULL,
  keep_days INTEGER NOT NULL,
  provisioned INTEGER NOT NULL
) STRICT;

CREATE TABLE wallet_key (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  method TEXT NOT NULL CHECK (method IN ('passphrase', 'key-file')),
  salt BLOB NOT NULL,
  scrypt_n INTEGER NOT NULL,
  scrypt_r INTEGER NOT NULL,
  scrypt_p INTEGER NOT NULL,
  wrapped BLOB NOT NULL
) STRICT;

-- Wrong passphrases in a row; last in milliseconds since 1970 UTC, as every time in this database.
CREATE TABLE passphrase_failure (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  count INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT;
INSERT INTO passphrase_failure (id, count, last) VALUES (1, 0, 0);

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
