"""Mail on its way to people. Declares the job that carries it, and the demo's mailbox at ``/dev/mail``."""
