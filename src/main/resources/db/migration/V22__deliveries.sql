-- Messages that were tried least are sent first, and the messages of one subject can be looked up, and erased.
DROP INDEX delivery_due;
CREATE INDEX delivery_due ON delivery (state, connector, tries, due_at);
CREATE INDEX delivery_subject ON delivery (subject, number);
