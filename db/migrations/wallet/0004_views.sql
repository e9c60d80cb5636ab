-- What other programs may rely on: names and columns are never changed in meaning.
CREATE VIEW payments AS
SELECT
  pay_id AS PayId,
  role AS Role,
  process_state AS ProcessState,
  percent_complete AS PercentComplete,
  completion_code AS CompletionCode,
  status_desc AS StatusDesc,
  brand_id AS BrandId,
  protocol_brand_id AS ProtocolBrandId,
  payment_instrument_id AS PaymentInstrumentId,
  amount AS Amount,
  curr_code_type AS CurrCodeType,
  curr_code AS CurrCode,
  pay_direction AS PayDirection,
  cont_status AS ContStatus,
  content_software_id AS ContentSoftwareId,
  CASE WHEN lid_m IS NOT NULL THEN hex(lid_m) END AS LidM,
  CASE WHEN xid IS NOT NULL THEN hex(xid) END AS Xid,
  order_hash AS OrderHash,
  strftime('%Y-%m-%dT%H:%M:%fZ', started / 1000.0, 'unixepoch') AS started,
  strftime('%Y-%m-%dT%H:%M:%fZ', changed / 1000.0, 'unixepoch') AS changed
FROM payment;

CREATE VIEW receipts AS
SELECT
  payment.pay_id AS PayId,
  CASE payment.role WHEN 'Consumer' THEN entry.received_kind ELSE entry.sent_kind END AS Name,
  strftime('%Y-%m-%dT%H:%M:%fZ', entry.at / 1000.0, 'unixepoch') AS received,
  CASE payment.role WHEN 'Consumer' THEN entry.received ELSE entry.sent END AS octets
FROM payment CROSS JOIN entry ON entry.id = (payment.id << 20 | payment.receipt);

CREATE VIEW events AS
SELECT
  payment.pay_id AS PayId,
  strftime('%Y-%m-%dT%H:%M:%fZ', entry.at / 1000.0, 'unixepoch') AS at,
  entry.call AS call,
  entry.from_state AS from_state,
  entry.to_state AS to_state,
  entry.percent AS percent,
  entry.reason AS reason
FROM payment
CROSS JOIN entry ON entry.id BETWEEN payment.id << 20 AND (payment.id << 20) + payment.entries
WHERE entry.to_state IS NOT NULL;
