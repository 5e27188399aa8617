"""Speaking SMTP: connections, the talk on them, many mails at once."""
