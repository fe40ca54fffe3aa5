from storefront.kit import mail
from storefront.kit.jobs import Job
from storefront.kit.slices import Slice

SLICE = Slice("notifications", jobs=(Job("mail.deliver", mail.deliver),))
