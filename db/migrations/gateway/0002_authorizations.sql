-- Payment instructions seen, authorizations, batches.  Account numbers only as HMAC-SHA-256.
CREATE TABLE instruction (
  merchant_id TEXT NOT NULL,
  xid BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('unused', 'authorized', 'reversed')),
  brand TEXT NOT NULL,
  currency INTEGER NOT NULL,
  amt_exp10 INTEGER NOT NULL,
  purch_amount INTEGER NOT NULL,
  authorized INTEGER NOT NULL CHECK (authorized >= 0),
  pan_hmac BLOB NOT NULL CHECK (length(pan_hmac) = 32),
  at INTEGER NOT NULL,
  PRIMARY KEY (merchant_id, xid)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  merchant_id TEXT NOT NULL,
  curr_code TEXT NOT NULL,
  opened INTEGER NOT NULL,
  closed INTEGER,
  last_sequence INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX batch_open ON batch (merchant_id, curr_code) WHERE closed IS NULL;

CREATE TABLE auth (
  id INTEGER PRIMARY KEY,
  merchant_id TEXT NOT NULL,
  auth_rrpid BLOB NOT NULL,
  xid BLOB NOT NULL,
  lid_m BLOB NOT NULL,
  brand TEXT NOT NULL,
  amount TEXT NOT NULL,
  curr_code TEXT NOT NULL,
  auth_code TEXT NOT NULL,
  captured INTEGER NOT NULL CHECK (captured IN (0, 1)),
  reversed INTEGER NOT NULL CHECK (reversed IN (0, 1)),
  batch INTEGER REFERENCES batch (id),
  at INTEGER NOT NULL,
  UNIQUE (merchant_id, auth_rrpid)
) STRICT;

-- What other programs may rely on: names and columns are never changed in meaning.
CREATE VIEW authorizations AS
SELECT
  hex(xid) AS Xid,
  hex(lid_m) AS LidM,
  merchant_id AS MerchantId,
  hex(auth_rrpid) AS AuthRrpid,
  brand AS Brand,
  amount AS Amount,
  curr_code AS CurrCode,
  auth_code AS AuthCode,
  captured AS captured,
  reversed AS reversed,
  strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at
FROM auth;
