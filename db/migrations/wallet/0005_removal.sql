-- What stays of a payment after RemovePaymentLog or keep_days, beside used_id: a PayId is never used
-- again.  requests: a line for each journaled call, its name and the digest of its request.
CREATE TABLE removed_payment (
  pay_id TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('Consumer', 'Merchant', 'PaymentHandler')),
  process_state TEXT NOT NULL CHECK (process_state IN ('CompletedOk', 'Failed', 'ProcessError')),
  completion_code TEXT,
  lid_m BLOB,
  xid BLOB,
  requests TEXT,
  changed INTEGER NOT NULL,
  removed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
