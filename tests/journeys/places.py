"""The pages that are looked at: by axe, and by us in screenshots."""

PUBLIC = {
    "landing": "/",
    "catalog": "/catalog",
    "catalog-filtered": "/catalog?kind=pack&not=research&sort=newest",
    "catalog-search": "/catalog?q=prompt",
    "catalog-nothing": "/catalog?q=zzzzzz",
    "listing": "/listings/field-notes-prompts",
    "listing-project": "/listings/quiet-novel-kit",
    "creator": "/@alice",
    "sign-in": "/login?next=/listings/field-notes-prompts/get",
    "join": "/register",
    "forgotten": "/reset",
    "left-without-paying": "/checkout/cancel?listing=quiet-novel-kit",
    "pricing": "/pricing",
    "not-found": "/nowhere",
    "mailbox": "/dev/mail",
    "pieces": "/dev/pieces",
}
HOLDER = {
    "library": "/library",
    "purchases": "/library/purchases",
    "yours": "/listings/starter-prompts",
    "confirm": "/listings/quiet-novel-kit/get",
    "password": "/change",
}
OPERATOR = {
    "webhooks": "/admin/webhooks",
    "webhooks-parked": "/admin/webhooks?state=parked",
    "health": "/admin/health",
    "jobs": "/admin/health/jobs",
    "mended": "/admin/health/mendings",
    "overdue": "/admin/orders",
}
