"""One right row for every table, as plain values: what raw SQL needs to break one rule at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

THEN = datetime(2026, 11, 21, 10, 41, tzinfo=UTC)
SHA = "{:064d}"

Row = dict[str, Any]


def right_row(table: str, n: int) -> Row:
    """The ``n``-th row of ``table``: complete, allowed, and unlike every other in what must be unique.

    It refers to the ``n``-th row of other tables. Raises KeyError for a table that nobody described here.
    """
    return ROWS[table](n)


def item(n: int) -> Row:
    return {"key": "opening", "parent_key": None, "position": n, "kind": "prompt", "title": "Opening", "content": {}}


def listing(n: int) -> Row:
    return {
        "id": n, "slug": f"listing-{n}", "workspace_id": n, "work_id": n, "version_id": n, "state": "published",
        "suspended_reason": "", "kind": "pack", "title": "Field Notes", "tagline": "", "description": "", "tags": [],
        "models": [], "bullets": [], "example_item": "", "example_input": "", "example_output": "", "pricing": "paid",
        "price": 1200, "currency": "USD", "terms": "personal", "clone_mode": "indefinite", "all_access": False,
        "cover": SHA.format(n), "created_at": THEN, "updated_at": THEN, "gets": 0, "sales": 0, "clones": 0,
        "copies": 0, "reports": 0, "newest": 0, "trending_even": 0, "trending_odd": 0, "search_text": "",
    }  # fmt: skip


def license(n: int) -> Row:
    return {
        "id": n, "public_id": f"lic_{n}", "number": f"SF-{n}", "person_id": n, "listing_id": n, "version_id": n,
        "status": "completed", "terms": "personal", "terms_text": "Yours.", "clone_mode": "indefinite", "amount": 1200,
        "fee": 180, "share": 1020, "currency": "USD", "granted_at": THEN,
    }  # fmt: skip


def order(n: int) -> Row:
    return {
        "id": n, "public_id": f"ord_{n}", "buyer_id": n, "listing_id": n, "version_id": n, "workspace_id": n,
        "status": "open", "price": 1200, "currency": "USD", "terms": "personal", "clone_mode": "indefinite",
        "settlement": "held", "fee_bps": 1500, "attempt": 1, "session_id": f"cs_{n}", "subtotal": 1200, "tax": 0,
        "amount": 1200, "fee": 180, "share": 1020, "returned": 0, "license_id": n, "flag": "", "opened_at": THEN,
    }  # fmt: skip


def connect_account(n: int) -> Row:
    return {
        "id": n, "public_id": f"con_{n}", "workspace_id": n, "country": "US", "attempt": 1, "asked_at": THEN,
        "opened_at": THEN, "stripe_account": f"acct_{n}", "charges_enabled": True, "payouts_enabled": True,
        "takes_transfers": True, "details_submitted": True, "disabled_reason": "", "wanted": {}, "ended_because": "",
    }  # fmt: skip


def person(n: int) -> Row:
    return {
        "id": n, "email": f"person{n}@example.com", "name": "Somebody", "active": True, "fs_uniquifier": f"unique-{n}",
        "is_operator": False, "plan": "free", "joined_at": THEN,
    }  # fmt: skip


def workspace(n: int) -> Row:
    return {
        "id": n, "kind": "personal", "handle": f"person-{n}", "name": "Somebody", "role_line": "", "about": "",
        "owner_id": n, "created_at": THEN,
    }  # fmt: skip


def work(n: int) -> Row:
    return {
        "id": n, "public_id": f"wrk_{n}", "workspace_id": n, "kind": "pack", "title": "Field Notes",
        "created_at": THEN, "updated_at": THEN,
    }  # fmt: skip


def stripe_event(n: int) -> Row:
    return {
        "id": n, "stripe_id": f"evt_{n}", "type": "t", "livemode": False, "payload": {}, "state": "kept",
        "reason": "", "attempts": 0, "created_at": THEN, "received_at": THEN,
    }  # fmt: skip


def invitation(n: int) -> Row:
    return {
        "id": n, "public_id": f"inv_{n}", "workspace_id": n, "email": f"person{n}@example.com", "role": "editor",
        "invited_by_id": n, "letters": 1, "sent_at": THEN, "expires_at": THEN,
    }  # fmt: skip


def report(n: int) -> Row:
    return {
        "id": n, "public_id": f"rep_{n}", "listing_id": n, "person_id": n, "reason": "spam", "details": "",
        "claimed_work": "My course", "contact_name": "Somebody", "contact_address": "1 Quay", "contact_email": "a@b.c",
        "state": "upheld", "filed_at": THEN, "decided_at": THEN,
    }  # fmt: skip


def decision(n: int) -> Row:
    return {
        "id": n, "listing_id": n, "report_id": n, "operator_id": n, "verdict": "upheld", "reason": "Copied.",
        "at": THEN,
    }  # fmt: skip


def posting(n: int) -> Row:
    return {
        "id": n, "at": THEN, "cause_kind": "order", "cause_id": f"ord_{n}", "kind": "sale.share",
        "debit": "platform_cash", "credit": "creator_held", "amount": 1020, "currency": "USD", "workspace_id": n,
        "earning_id": f"ord_{n}", "note": "",
    }  # fmt: skip


def seal(n: int) -> Row:
    return {
        "number": n, "made_at": THEN, "postings": 1, "posting_ids": str(n), "previous": SHA.format(n - 1),
        "hash": SHA.format(n), "key_id": "0123456789abcdef", "signature": "",
    }  # fmt: skip


def refund(n: int) -> Row:
    return {
        "id": n, "public_id": f"rfd_{n}", "order_id": n, "workspace_id": n, "origin": "buyer", "state": "waiting",
        "amount": 1200, "fee": 180, "share": 1020, "tax": 0, "currency": "USD", "reason": "", "answer": "",
        "asked_by_id": n, "decided_by_id": n, "attempt": 1, "stripe_id": f"re_{n}", "failure": "", "asked_at": THEN,
        "decided_at": THEN,
    }  # fmt: skip


def payout(n: int) -> Row:
    return {
        "id": n, "public_id": f"pyt_{n}", "workspace_id": n, "run": f"2026-{n:02}", "state": "intended", "amount": 1020,
        "returned": 0, "currency": "USD", "reason": "", "destination": f"acct_{n}", "attempt": 1,
        "transfer_id": f"tr_{n}", "reference": "", "failure": "", "intended_at": THEN,
    }  # fmt: skip


def dispute(n: int) -> Row:
    return {
        "id": n, "public_id": f"dsp_{n}", "stripe_id": f"du_{n}", "order_id": n, "workspace_id": n,
        "state": "needs_response", "reason": "fraudulent", "amount": 1200, "fee": 180, "share": 1020, "tax": 0,
        "currency": "USD", "evidence": {}, "opened_at": THEN, "checked_at": THEN,
    }  # fmt: skip


def subscription(n: int) -> Row:
    return {
        "id": n, "public_id": f"sbn_{n}", "stripe_id": f"sub_{n}", "person_id": n, "family": "pass",
        "product": "all_access", "interval": "month", "amount": 1000, "currency": "USD", "status": "active",
        "period_start": THEN, "period_end": THEN + timedelta(days=30), "cancel_reason": "", "started_at": THEN,
        "read_at": THEN,
    }  # fmt: skip


def subscription_invoice(n: int) -> Row:
    return {
        "id": n, "stripe_id": f"in_{n}", "subscription_id": n, "person_id": n, "family": "pass",
        "product": "all_access", "number": "", "status": "paid", "amount": 1000, "tax": 0, "currency": "USD",
        "period_start": THEN, "period_end": THEN + timedelta(days=30), "paid_at": THEN, "read_at": THEN,
    }  # fmt: skip


ROWS = {
    "plan_credits": lambda n: {
        "id": n, "public_id": f"pcr_{n}", "person_id": n, "workspace_id": n, "stripe_customer": f"cus_{n}",
        "amount": 900, "currency": "USD", "state": "asked", "stripe_id": f"cbtxn_{n}", "asked_at": THEN,
    },
    "api_tokens": lambda n: {
        "id": n, "public_id": f"pat_{n}", "person_id": n, "name": "Laptop", "digest": SHA.format(n), "hint": "7k2m",
        "scopes": [], "made_at": THEN,
    },
    "bank_payouts": lambda n: {
        "id": n, "stripe_id": f"po_{n}", "stripe_account": f"acct_{n}", "state": "paid", "amount": 1020,
        "currency": "USD", "failure": "", "arrives_at": THEN,
    },
    "billing_customers": lambda n: {
        "id": n, "public_id": f"bcu_{n}", "person_id": n, "stripe_customer": f"cus_{n}", "opened_at": THEN,
    },
    "catalog_state": lambda n: {"id": n, "generation": 0},
    "clone_names": lambda n: {"listing_id": n, "person_id": n, "cloned_at": THEN},
    "clones": lambda n: {"work_id": n, "license_id": n, "version_id": n, "is_first": True, "made_at": THEN},
    "connect_accounts": connect_account,
    "clone_updates": lambda n: {
        "id": n, "public_id": f"upd_{n}", "work_id": n, "version_id": n, "is_complete": False, "positions": {},
        "made_at": THEN,
    },
    "clone_update_items": lambda n: {"update_id": n, "taken": True, **item(n)},
    "covers": lambda n: {"sha256": SHA.format(n), "svg": "<svg/>"},
    "decisions": decision,
    "copies": lambda n: {
        "id": n, "public_id": f"cpy_{n}", "person_id": n, "listing_id": n, "version_id": n, "workspace_id": n,
        "month": "2026-11", "reason": "", "invoice_id": n, "amount": 7, "currency": "USD", "at": THEN,
    },
    "copy_meters": lambda n: {"person_id": n, "month": "2026-11", "used": 1},
    "copy_tallies": lambda n: {
        "workspace_id": n, "month": "2026-11", "listing_id": n, "currency": "USD", "copies": 2, "counted": 1,
        "amount": 7,
    },
    "pool_invoices": lambda n: {
        "invoice_id": n, "used": 1, "credited": 7, "kept": 0, "currency": "USD", "turns": 0,
    },
    "pool_months": lambda n: {"id": n, "month": f"20{n:02}-11", "closed_at": THEN},
    "pool_flags": lambda n: {
        "id": n, "month": "2026-11", "kind": "burst", "key": str(n), "workspace_id": n, "person_id": None,
        "other_id": None, "day": "2026-11-21", "people": 9, "copies": 30, "amount": 210, "currency": "USD",
        "found_at": THEN, "looked_at": THEN, "looked_by_id": n,
    },
    "pool_statements": lambda n: {
        "workspace_id": n, "month": "2026-11", "currency": "USD", "copies": 1, "amount": 7, "returned": 0,
    },
    "pool_rests": lambda n: {"month": f"20{n:02}-11", "currency": "USD", "amount": 993},
    "pool_returns": lambda n: {"invoice_id": n, "month": "2026-11", "workspace_id": n, "amount": 7},
    "earnings": lambda n: {"id": f"ord_{n}", "workspace_id": n, "matures_at": THEN},
    "draft_pictures": lambda n: {"listing_id": n, "place": n, "sha256": SHA.format(n), "alt": ""},
    "disputes": dispute,
    "events": lambda n: {"id": n, "at": THEN, "name": "x", "subject_type": "works", "subject_id": n, "data": {}},
    "facet_counts": lambda n: {"facet": f"tag:{n}", "listings": 1},
    "invitations": invitation,
    "items": lambda n: {"work_id": n, **item(n)},
    "jobs": lambda n: {"id": n, "name": "x", "arguments": {}, "announced_at": THEN, "run_at": THEN, "attempts": 0},
    "ledger_checks": lambda n: {
        "id": n, "of": "books", "began_at": THEN, "ended_at": THEN, "looked_at": 1, "findings": [],
    },
    "licenses": license,
    "listing_facets": lambda n: {
        "listing_id": n, "facet": "all", "trending_even": 0, "trending_odd": 0, "newest": 0, "price": 0,
    },
    "listing_days": lambda n: {"listing_id": n, "day": THEN.date(), "views": 1},
    "listing_totals": lambda n: {"listing_id": n, "views": 1},
    "listing_drafts": lambda n: {
        "listing_id": n, "step": "words", "revision": 1, "is_pending": True, "typed": {}, "saved_at": THEN,
        "saved_by_id": n,
    },
    "listing_pictures": lambda n: {"listing_id": n, "place": n, "sha256": SHA.format(n), "alt": ""},
    "listings": listing,
    "media": lambda n: {
        "sha256": SHA.format(n), "mark": "", "content_type": "image/webp", "size": 1, "width": 640, "height": 400,
        "widths": [320, 640], "kept_at": THEN,
    },
    "memberships": lambda n: {
        "workspace_id": n, "person_id": n, "role": "owner" if n == 1 else "viewer", "since": THEN,
    },
    "mendings": lambda n: {"id": n, "at": THEN, "name": "x", "kind": "things", "found": 2, "mended": 1},
    "orders": order,
    "page_stamps": lambda n: {"subject": f"table-{n}", "stamp": n},
    "people": person,
    "periodic_runs": lambda n: {
        "name": f"x.{n}", "began_at": THEN, "ended_at": THEN, "tallies": [], "error": "",
    },
    "payouts": payout,
    "postings": posting,
    "refunds": refund,
    "removals": lambda n: {"id": n, "sha256": SHA.format(n), "mark": "", "widths": [], "began_at": THEN},
    "reports": report,
    "rollups": lambda n: {
        "workspace_id": n, "currency": "USD", "debit": "platform_cash", "credit": "creator_held", "amount": 1020,
        "postings": 1,
    },
    "saved_prompts": lambda n: {
        "id": n, "public_id": f"prm_{n}", "person_id": n, "work_id": n, "item_key": "opening", "title": "Opening",
        "work_title": "Field Notes", "text": "", "note": "", "search_text": "opening", "saved_at": THEN,
    },
    "sealed_postings": lambda n: {"posting_id": n, "seal_number": n, "digest": SHA.format(n)},
    "seals": seal,
    "share_links": lambda n: {"listing_id": n, "token": f"token-{n}", "made_at": THEN, "made_by_id": n},
    "stripe_events": stripe_event,
    "subscription_checkouts": lambda n: {
        "id": n, "public_id": f"sck_{n}", "person_id": n, "family": "plan", "product": "pro", "interval": "month",
        "amount": 900, "currency": "USD", "state": "open", "attempt": 1, "session_id": f"cs_{n}", "opened_at": THEN,
    },
    "subscription_invoices": subscription_invoice,
    "subscriptions": subscription,
    "undo_items": lambda n: {"undo_id": n, **item(n)},
    "undos": lambda n: {
        "id": n, "public_id": f"und_{n}", "work_id": n, "deed": "deletion", "title": "Opening", "made_at": THEN,
    },
    "unsealed_postings": lambda n: {"posting_id": n},
    "version_items": lambda n: {"version_id": n, **item(n)},
    "uploads": lambda n: {"workspace_id": n, "sha256": SHA.format(n), "uploaded_at": THEN},
    "versions": lambda n: {
        "id": n, "work_id": n, "number": 1, "changelog": "", "published_at": THEN, "item_counts": {},
    },
    "works": work,
    "workspaces": workspace,
}  # fmt: skip
