-- When the payment was captured, with its authorization or by a CapReq; NULL: it was not.
ALTER TABLE payment ADD COLUMN captured INTEGER;

DROP VIEW payments;
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
  strftime('%Y-%m-%dT%H:%M:%fZ', changed / 1000.0, 'unixepoch') AS changed,
  strftime('%Y-%m-%dT%H:%M:%fZ', captured / 1000.0, 'unixepoch') AS captured
FROM payment;
