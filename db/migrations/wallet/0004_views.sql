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
  receipt.name AS Name,
  strftime('%Y-%m-%dT%H:%M:%fZ', receipt.received / 1000.0, 'unixepoch') AS received,
  receipt.octets AS octets
FROM receipt JOIN payment ON payment.id = receipt.payment;

CREATE VIEW events AS
SELECT
  payment.pay_id AS PayId,
  strftime('%Y-%m-%dT%H:%M:%fZ', event.at / 1000.0, 'unixepoch') AS at,
  event.call AS call,
  event.from_state AS from_state,
  event.to_state AS to_state,
  event.percent AS percent,
  event.reason AS reason
FROM event JOIN payment ON payment.id = event.payment;
