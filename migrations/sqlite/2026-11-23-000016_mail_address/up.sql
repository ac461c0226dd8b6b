-- Where a mail was handed over to last: the address of its person may be another by now.
ALTER TABLE mails ADD COLUMN address TEXT;
