"""`golden.numbers` on Amaranth values."""
