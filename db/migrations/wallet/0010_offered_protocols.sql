-- What FindAcceptedPaymentProtocol has returned, a line each (bridge/calls/offered.h).
ALTER TABLE payment ADD COLUMN offered_protocols TEXT;
