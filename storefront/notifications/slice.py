from typing import Any

from storefront.config import current as settings
from storefront.kit import mail
from storefront.kit.jobs import Job
from storefront.kit.slices import MenuEntry, Slice
from storefront.notifications import views


def keeps_mail(_person: Any) -> bool:
    return settings().dev_mail


SLICE = Slice(
    "notifications",
    blueprints=(views.blueprint,),
    jobs=(Job("mail.deliver", mail.deliver, own_steps=True),),
    panels={"mailbox": views.mailbox_link},
    menu=(MenuEntry("footer:Help", "Mailbox", "notifications.letters", when=keeps_mail),),
)
