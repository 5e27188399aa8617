"""What the DNS says about a domain that mails are from: SPF, DKIM, DMARC, and where mail goes."""
