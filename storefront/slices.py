"""The slices. Their order is the architecture: a slice may import only slices above it, and the kit."""

from storefront.accounts.slice import SLICE as ACCOUNTS
from storefront.analytics.slice import SLICE as ANALYTICS
from storefront.api.slice import SLICE as API
from storefront.catalog.slice import SLICE as CATALOG
from storefront.checkout.slice import SLICE as CHECKOUT
from storefront.copies.slice import SLICE as COPIES
from storefront.dashboard.slice import SLICE as DASHBOARD
from storefront.disputes.slice import SLICE as DISPUTES
from storefront.events.slice import SLICE as EVENTS
from storefront.ledger.slice import SLICE as LEDGER
from storefront.library.slice import SLICE as LIBRARY
from storefront.licenses.slice import SLICE as LICENSES
from storefront.media.slice import SLICE as MEDIA
from storefront.moderation.slice import SLICE as MODERATION
from storefront.notifications.slice import SLICE as NOTIFICATIONS
from storefront.operations.slice import SLICE as OPERATIONS
from storefront.payments.slice import SLICE as PAYMENTS
from storefront.payouts.slice import SLICE as PAYOUTS
from storefront.pricing.slice import SLICE as PRICING
from storefront.refunds.slice import SLICE as REFUNDS
from storefront.saved.slice import SLICE as SAVED
from storefront.selling.slice import SLICE as SELLING
from storefront.subscriptions.slice import SLICE as SUBSCRIPTIONS
from storefront.teams.slice import SLICE as TEAMS
from storefront.works.slice import SLICE as WORKS

SLICES = (
    EVENTS,
    ACCOUNTS,
    MEDIA,
    NOTIFICATIONS,
    TEAMS,
    WORKS,
    CATALOG,
    ANALYTICS,
    PRICING,
    LICENSES,
    PAYMENTS,
    LEDGER,
    PAYOUTS,
    CHECKOUT,
    LIBRARY,
    REFUNDS,
    DISPUTES,
    SUBSCRIPTIONS,
    MODERATION,
    SAVED,
    COPIES,
    SELLING,
    DASHBOARD,
    API,
    OPERATIONS,
)
