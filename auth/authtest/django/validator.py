"""What a site with django-oauth-toolkit usually writes itself."""

from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.openid import Server


class Validator(OAuth2Validator):
    """Puts a name for people into ID tokens."""

    def get_additional_claims(self, request):
        return {"preferred_username": request.user.get_username(), "name": request.user.get_full_name()}


class NoRefreshTokens(Server):
    """A server whose codes are good for an access token alone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.openid_connect_auth.proxy_target.refresh_token = False
