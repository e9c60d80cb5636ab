-- Who the consumer of an authorization is to the merchant (LID-C), for CapReq (D-59); NULL in rows of
-- gateways that did not keep it.
ALTER TABLE auth ADD COLUMN lid_c BLOB;
