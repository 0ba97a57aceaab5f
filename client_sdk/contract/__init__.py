"""The contract kernel: documents, validation, compatibility; pure, without any framework."""
