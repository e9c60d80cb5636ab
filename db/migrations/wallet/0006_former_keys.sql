-- Exchange keys that a brand had before it was provisioned with others: an answer that is still
-- due was asked for with them.  They go when no pending payment uses the brand.
CREATE TABLE former_key (
  brand_id TEXT NOT NULL,
  certificate BLOB NOT NULL,
  sealed_exchange_key BLOB NOT NULL,
  PRIMARY KEY (brand_id, certificate)
) STRICT, WITHOUT ROWID;
