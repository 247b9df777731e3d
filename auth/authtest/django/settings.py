"""Settings of the smallest Django project that is an OpenID provider.

What a test chooses comes from provider.py, in the environment.
"""

import json
import os

from jwcrypto import jwk

given = json.loads(os.environ["KEYFOB_DJANGO"])

SECRET_KEY = os.urandom(32).hex()
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
USE_TZ = True
TIME_ZONE = "UTC"
ROOT_URLCONF = "urls"
LOGIN_URL = "/accounts/login/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "oauth2_provider",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

# The tables are made anew for each start, and one password is no secret, so
# both may be quick.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.path.join(given["folder"], "db.sqlite3"),
        "OPTIONS": {"timeout": 20},
    }
}
MIGRATION_MODULES = {app.rsplit(".", 1)[-1]: None for app in INSTALLED_APPS}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

PAGES = {
    "registration/login.html": """<h1>Sign in</h1>
<form method="post">{% csrf_token %}{{ form }}<button type="submit">Sign in</button></form>""",
    # The toolkit's own page is built on a base that fetches a style sheet.
    "oauth2_provider/base.html": "{% block content %}{% endblock %}",
}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.locmem.Loader", PAGES),
                "django.template.loaders.app_directories.Loader",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ],
        },
    }
]

OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_RSA_PRIVATE_KEY": jwk.JWK.generate(kty="RSA", size=2048)
    .export_to_pem(private_key=True, password=None)
    .decode(),
    "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,  # from version 2.3 on
    "PKCE_REQUIRED": True,
    "SCOPES": {"openid": "OpenID Connect", "profile": "Your name", "machines": "The machines of plant 4"},
    "DEFAULT_SCOPES": ["openid"],
    "ACCESS_TOKEN_EXPIRE_SECONDS": given["access"],
    "OAUTH2_VALIDATOR_CLASS": "validator.Validator",
    "OAUTH2_SERVER_CLASS": "validator.NoRefreshTokens" if given["no_refresh"] else "oauthlib.openid.Server",
}
