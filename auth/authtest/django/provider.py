"""Runs the project for one test.

Reads one line of JSON from standard input, writes one with the issuer, and
ends with its standard input.
"""

import json
import os
import sys
import threading

given = json.loads(sys.stdin.readline())
os.environ["KEYFOB_DJANGO"] = json.dumps(given)
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from oauth2_provider.models import get_application_model  # noqa: E402
from oauthlib.openid import Server  # noqa: E402
from oauthlib.openid.connect.core import grant_types  # noqa: E402


class Quiet(WSGIRequestHandler):
    """Answers without a line for each request: addresses hold codes."""

    def log_message(self, *args):
        pass


call_command("migrate", run_syncdb=True, verbosity=0)
get_user_model().objects.create_user(
    given["user"], password=given["password"], first_name="Ada", last_name="Lovelace"
)
for client in given["clients"]:
    get_application_model().objects.create(
        client_id=client["id"],
        client_secret=client.get("secret", ""),
        client_type="confidential" if client.get("secret") else "public",
        authorization_grant_type="authorization-code",
        redirect_uris=" ".join(client["redirects"]),
        name=client["id"],
        algorithm="RS256",
    )

server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
server.set_app(get_wsgi_application())
threading.Thread(target=server.serve_forever, daemon=True).start()
ready = {
    "issuer": "http://127.0.0.1:%d/o" % server.server_port,
    "renews_id": isinstance(Server(None).refresh_grant, grant_types.RefreshTokenGrant),
}
print(json.dumps(ready), flush=True)
sys.stdin.read()
