-- The ledger.  Every item of RFC 3538, 8.4.1 (5) and 8.5.2 (2) has a column in payment (ConsumerPayId
-- is pay_id at the consumer), except PaySchemePackagedContent: its octets are rows of message.
CREATE TABLE payment (
  id INTEGER PRIMARY KEY,
  pay_id TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('Consumer', 'Merchant', 'PaymentHandler')),
  process_state TEXT NOT NULL CHECK (process_state IN (
    'NotYetStarted', 'InProgress', 'Suspended', 'CompletedOk', 'Failed', 'ProcessError')),
  percent_complete INTEGER NOT NULL CHECK (percent_complete BETWEEN 0 AND 100),
  completion_code TEXT,
  status_desc TEXT,
  cont_status TEXT CHECK (cont_status IN ('Continue', 'End')),
  content_software_id TEXT,
  brand_id TEXT,
  protocol_brand_id TEXT,
  payment_instrument_id TEXT,
  protocol_id TEXT,
  amount TEXT,
  curr_code_type TEXT,
  curr_code TEXT,
  pay_direction TEXT CHECK (pay_direction IN ('Debit', 'Credit')),
  ok_from TEXT,
  ok_to TEXT,
  merchant_org_id TEXT,
  consumer_pay_id TEXT,
  call_back_function TEXT,
  call_back_languages TEXT,
  language TEXT,
  merchant_name TEXT,
  gateway_name TEXT,
  order_hash TEXT,
  lid_m BLOB,
  xid BLOB,
  start_digest BLOB,
  wished_state TEXT,
  wished_completion_code TEXT,
  started INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  sealed_back_key BLOB,
  sealed_pan_token BLOB,
  pay_protocol_data BLOB,
  trading_role_data BLOB
) STRICT;
CREATE INDEX payment_pending ON payment (process_state)
  WHERE process_state IN ('InProgress', 'Suspended');
CREATE INDEX payment_lid_m ON payment (lid_m) WHERE lid_m IS NOT NULL;
CREATE INDEX payment_xid ON payment (xid) WHERE xid IS NOT NULL;

CREATE TABLE event (
  payment INTEGER NOT NULL REFERENCES payment (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  call TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  percent INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (payment, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
  payment INTEGER NOT NULL REFERENCES payment (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('sent', 'received')),
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  octets BLOB NOT NULL,
  PRIMARY KEY (payment, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt (
  payment INTEGER NOT NULL REFERENCES payment (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  received INTEGER NOT NULL,
  octets BLOB NOT NULL,
  PRIMARY KEY (payment, name)
) STRICT, WITHOUT ROWID;

-- E-105: brands that FindAcceptedPaymentBrand returned.
CREATE TABLE offer (
  payment INTEGER NOT NULL REFERENCES payment (id) ON DELETE CASCADE,
  brand_id TEXT NOT NULL,
  PRIMARY KEY (payment, brand_id)
) STRICT, WITHOUT ROWID;

-- XIDs and PReq RRPIDs stay when their payment is removed (set-processing 2.3), so no reference.
CREATE TABLE used_id (
  kind TEXT NOT NULL CHECK (kind IN ('xid', 'rrpid')),
  value BLOB NOT NULL CHECK (length(value) BETWEEN 1 AND 20),
  pay_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  role TEXT NOT NULL,
  pay_id TEXT NOT NULL,
  call TEXT NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  at INTEGER NOT NULL,
  answer BLOB NOT NULL,
  PRIMARY KEY (role, pay_id, call, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE intent (
  id INTEGER PRIMARY KEY,
  payment INTEGER NOT NULL REFERENCES payment (id) ON DELETE RESTRICT,
  kind TEXT NOT NULL,
  rrpid BLOB NOT NULL,
  xid BLOB NOT NULL,
  gateway TEXT NOT NULL,
  opened INTEGER NOT NULL,
  settled INTEGER,
  resolved_as TEXT CHECK (resolved_as IN ('approved', 'declined')),
  resolved_by TEXT,
  resolved_why TEXT,
  request BLOB NOT NULL,
  outcome BLOB
) STRICT;
CREATE INDEX intent_payment ON intent (payment);
CREATE UNIQUE INDEX intent_open ON intent (payment) WHERE settled IS NULL;
