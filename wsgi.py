"""The WSGI entry point of any server: ``granian --interface wsgi wsgi:app``."""

from storefront.app import create_app

app = create_app()
