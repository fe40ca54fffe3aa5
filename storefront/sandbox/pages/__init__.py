"""What people see: hosted Checkout, receipts, and the control room. All of it works without script."""
