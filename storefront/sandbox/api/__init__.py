"""Stripe's HTTP API: endpoints declared one module an object, all answered by `front.answer`."""
