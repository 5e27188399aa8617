"""What comes back by mail: reports of mail servers, complaints, answers and people's wishes."""
