"""What the web server runs. It refuses to start on a database that may lose what it acknowledged."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiceng.project.settings")

application = get_wsgi_application()

from .checks import require_safe_storage  # noqa: E402  # the checks read settings, which exist only now

require_safe_storage()
