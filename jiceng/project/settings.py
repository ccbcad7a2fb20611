"""Django's settings, from the environment. Nothing here has a secret as its default."""

from datetime import timedelta
from pathlib import Path

from django.utils.csp import CSP

from . import environment

_environment = environment.read()

PACKAGE = Path(__file__).resolve().parent.parent

# kernel.access has no tables and no pages: it is imported by verbs, and needs no place here.
AREAS = (
    "jiceng.ui",
    "jiceng.kernel.journal",
    "jiceng.kernel.history",
    "jiceng.kernel.calendars",
    "jiceng.kernel.places",
    "jiceng.kernel.orgs",
    "jiceng.kernel.units",
    "jiceng.kernel.residents",
    "jiceng.kernel.people",
    "jiceng.kernel.accounts",
    "jiceng.kernel.posts",
    "jiceng.kernel.reorganisation",
    "jiceng.kernel.files",
    "jiceng.engines.packs",
    "jiceng.engines.fields",
    "jiceng.engines.notices",
    "jiceng.engines.assembly",
    "jiceng.engines.figures",
    "jiceng.engines.intake",
    "jiceng.engines.procedures",
    "jiceng.domains.coverage",
    "jiceng.domains.honours",
    "jiceng.domains.elections",
    "jiceng.faces.web",
    "jiceng.faces.public",
    "jiceng.faces.api",
    "jiceng.project",
)


def _is_there(area: str) -> bool:
    return PACKAGE.joinpath(*area.split(".")[1:], "apps.py").exists()


INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_tasks_db",
    *filter(_is_there, AREAS),
]

DEBUG = _environment.debug
SECRET_KEY = _environment.secret_key
SEALING_KEY = bytes.fromhex(_environment.sealing_key)
"""The 32 bytes from which the keys of sealed personal fields, of search digests and of backups are derived."""

ALLOWED_HOSTS = environment.listed(_environment.hosts)
CSRF_TRUSTED_ORIGINS = environment.listed(_environment.csrf_trusted_origins)
PROXIES = _environment.proxies
PLACE = _environment.place

DATA_DIR = _environment.data_dir.absolute()
DATABASES = {"default": environment.database(_environment.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOT_URLCONF = "jiceng.project.urls"
WSGI_APPLICATION = "jiceng.project.wsgi.application"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "jiceng.project.middleware.guarded_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "jiceng.project.middleware.storable_text",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jiceng.kernel.accounts.middleware.acting",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jiceng.faces.web.context.workbench",
            ],
        },
    },
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
WHITENOISE_ALLOW_ALL_ORIGINS = False

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# A village sits behind one address, so an address alone is never locked out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "jiceng.project.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "jiceng.project.middleware.client_address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _environment.https else 0
SECURE_SSL_REDIRECT = _environment.https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _environment.https
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
PERMISSIONS_POLICY = "geolocation=(), camera=(), microphone=(), payment=(), usb=(), browsing-topics=()"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # an address that is not there is no news, and may name a record
    },
}
