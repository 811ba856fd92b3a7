"""What templates may ask beside their page."""
