"""The control room at `/`, and the same deeds as JSON under `/_sandbox` for tests."""
