"""`python -m storefront.sandbox`: see `server.main`."""

from storefront.sandbox.server import main

raise SystemExit(main())
