-- What provisioning brings: trust, gateways, instruments, brands.  Columns sealed_… are opaque.
CREATE TABLE trust_root (
  id INTEGER PRIMARY KEY,
  der BLOB NOT NULL
) STRICT;

CREATE TABLE crl (
  id INTEGER PRIMARY KEY,
  der BLOB NOT NULL
) STRICT;

CREATE TABLE gateway (
  name TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  port INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535),
  diagnostic_port INTEGER CHECK (diagnostic_port BETWEEN 0 AND 65535),
  transport_id TEXT NOT NULL,
  sealed_shared_secret BLOB,
  max_outstanding INTEGER NOT NULL,
  max_connections INTEGER NOT NULL,
  max_retries INTEGER NOT NULL,
  min_resubmit_s INTEGER NOT NULL,
  answer_timeout_s INTEGER NOT NULL,
  echo_s INTEGER NOT NULL,
  idle_close_s INTEGER NOT NULL,
  t30_s INTEGER NOT NULL,
  t120_s INTEGER NOT NULL
) STRICT;

CREATE TABLE instrument (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 32),
  name TEXT NOT NULL,
  brand_id TEXT NOT NULL,
  protocol_brand_id TEXT NOT NULL,
  hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
  sealed_pan BLOB NOT NULL,
  sealed_expiry BLOB NOT NULL,
  sealed_card_secret BLOB,
  sealed_pan_secret BLOB,
  sealed_private_key BLOB
) STRICT;

CREATE TABLE brand (
  position INTEGER PRIMARY KEY,
  brand_id TEXT NOT NULL UNIQUE,
  protocol_brand_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  logo_url TEXT NOT NULL,
  narrative TEXT,
  payment_handler_org_id TEXT,
  pay_req_url TEXT,
  sec_pay_req_url TEXT,
  gateway TEXT,
  hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
  sealed_signing_key BLOB,
  sealed_exchange_key BLOB
) STRICT;

-- Lists of the things above; owner is, for example, 'instrument:visa-gold', list which of its lists.
CREATE TABLE chain (
  owner TEXT NOT NULL,
  list TEXT NOT NULL,
  position INTEGER NOT NULL,
  der BLOB NOT NULL,
  PRIMARY KEY (owner, list, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE word (
  owner TEXT NOT NULL,
  list TEXT NOT NULL,
  position INTEGER NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (owner, list, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE amount_limit (
  owner TEXT NOT NULL,
  currency TEXT NOT NULL,
  least TEXT NOT NULL,
  most TEXT NOT NULL,
  PRIMARY KEY (owner, currency)
) STRICT, WITHOUT ROWID;
