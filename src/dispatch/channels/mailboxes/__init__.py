"""Reading the mailbox that gets what mail servers send back."""
