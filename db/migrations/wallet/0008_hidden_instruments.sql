-- Every payment that becomes final asks which instruments are hidden; mostly none is.
CREATE INDEX instrument_hidden ON instrument (id) WHERE hidden = 1;
