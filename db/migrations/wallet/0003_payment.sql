-- The ledger.  Every item of RFC 3538, 8.4.1 (5) and 8.5.2 (2) has a column in payment (ConsumerPayId
-- is pay_id at the consumer), except PaySchemePackagedContent: its octets are in entry.
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
  entries INTEGER NOT NULL,
  receipt INTEGER,  -- number of the entry with the PRes
  offered_brands TEXT,  -- E-105: that FindAcceptedPaymentBrand returned, a line each
  sealed_back_key BLOB,
  sealed_pan_token BLOB,
  pay_protocol_data BLOB,
  trading_role_data BLOB
) STRICT;
CREATE INDEX payment_pending ON payment (process_state)
  WHERE process_state IN ('InProgress', 'Suspended');

-- What happened to a payment, one row for each commit that has something to tell: the id is that of
-- the payment shifted by 20 bits, plus a number from 1 on.  Rows of one payment are neighbours, need no
-- index, and a commit touches few pages.  Large columns come last.
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  call TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT,
  percent INTEGER,
  reason TEXT,
  received_kind TEXT,
  sent_kind TEXT,
  digest BLOB CHECK (length(digest) = 32),  -- of the journaled request
  gap INTEGER,  -- where the base64 of sent was cut out of answer
  answer BLOB,
  received BLOB,
  sent BLOB
) STRICT;

-- XIDs and PReq RRPIDs stay when their payment is removed (set-processing 2.3), so no reference.
CREATE TABLE used_id (
  kind TEXT NOT NULL CHECK (kind IN ('xid', 'rrpid')),
  value BLOB NOT NULL CHECK (length(value) BETWEEN 1 AND 20),
  pay_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

-- Exchanges with the acquirer.  The id is made as that of an entry.
CREATE TABLE intent (
  id INTEGER PRIMARY KEY,
  payment INTEGER NOT NULL,
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
CREATE UNIQUE INDEX intent_open ON intent (payment) WHERE settled IS NULL;
