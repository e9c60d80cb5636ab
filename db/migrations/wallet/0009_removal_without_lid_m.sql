-- A removed payment is known by its PayId and XID; its LID-M goes with its messages.
ALTER TABLE removed_payment DROP COLUMN lid_m;
