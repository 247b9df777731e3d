// A real OpenID provider on loopback for Keyfob's tests: npm's oidc-provider
// with its own sign-in pages, which take any login.
//
// The first line of standard input is a JSON object (all fields optional):
//
//	issuer   the address that clients see, when something stands in front
//	thin     ID tokens say no more than who is meant
//	clients  array of client metadata; one with the client_id of a standard
//	         client changes it, any other is added as a public native client
//
// Beside the registered metadata a client may have
//
//	access_ttl, refresh_ttl  lifetimes in seconds
//	refresh                  who gets a refresh token: "offline" (whoever was
//	                         granted offline_access), "always" or "never"
//	rotate                   a new refresh token at each use, the old one dies,
//	                         and its reuse ends the whole grant
//
// Once it listens, one line {"issuer": …, "address": …} is printed. It ends
// when standard input does, so that it cannot outlive the test.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

import { Provider } from 'oidc-provider';

const ALGORITHMS = ['RS', 'ES', 'PS'].flatMap((family) => [256, 384, 512].map((bits) => `${family}${bits}`));

const NATIVE = {
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
  post_logout_redirect_uris: ['http://127.0.0.1/signed-out', 'http://localhost/signed-out'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  access_ttl: 3600,
  refresh_ttl: 14 * 24 * 3600,
  refresh: 'offline',
  rotate: false,
};

const STANDARD = [
  { ...NATIVE, client_id: 'native' },
  { ...NATIVE, client_id: 'native-norefresh', refresh: 'never' },
  { ...NATIVE, client_id: 'native-rotate', rotate: true },
  ...ALGORITHMS.map((alg) => ({ ...NATIVE, client_id: `alg-${alg}`, id_token_signed_response_alg: alg })),
  {
    client_id: 'introspect',
    client_secret: 'introspect-secret',
    token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: [],
    grant_types: [],
    response_types: [],
  },
];

function clients(changes = []) {
  const all = new Map(STANDARD.map((client) => [client.client_id, client]));
  for (const change of changes) {
    all.set(change.client_id, { ...(all.get(change.client_id) ?? NATIVE), ...change });
  }
  return [...all.values()];
}

// One key for each kind of signature, so that clients see a key set with
// several keys and have to choose by kid.
function keys() {
  const pairs = [
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ...['P-256', 'P-384', 'P-521'].map((namedCurve) => generateKeyPairSync('ec', { namedCurve })),
  ];
  return pairs.map(({ privateKey }) => ({
    ...privateKey.export({ format: 'jwk' }),
    kid: randomBytes(8).toString('hex'),
    use: 'sig',
  }));
}

function account(_ctx, login) {
  const name = login.split('@')[0];
  return {
    accountId: login,
    claims: () => ({
      sub: login,
      name,
      preferred_username: login,
      email: login.includes('@') ? login : `${login}@example.test`,
      email_verified: true,
    }),
  };
}

function configuration(config) {
  return {
    clients: clients(config.clients),
    jwks: { keys: keys() },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    findAccount: account,
    scopes: ['openid', 'offline_access', 'profile', 'email', 'api'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
    conformIdTokenClaims: config.thin === true,
    enabledJWA: { idTokenSigningAlgValues: ALGORITHMS },
    extraClientMetadata: { properties: ['access_ttl', 'refresh_ttl', 'refresh', 'rotate'] },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: true },
      userinfo: { enabled: true },
      jwtUserinfo: { enabled: true },
      revocation: { enabled: true },
      clientCredentials: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => client.clientId === 'introspect' || token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, resource) => ({
          audience: resource,
          scope: 'api',
          accessTokenFormat: 'opaque',
        }),
      },
    },
    issueRefreshToken: (_ctx, client, code) => client.grantTypeAllowed('refresh_token')
      && (client.refresh === 'always' || (client.refresh === 'offline' && code.scopes.has('offline_access'))),
    rotateRefreshToken: (ctx) => ctx.oidc.client.rotate === true,
    ttl: {
      AccessToken: (_ctx, _token, client) => client.access_ttl,
      RefreshToken: (_ctx, _token, client) => client.refresh_ttl,
      ClientCredentials: (_ctx, _token, client) => client.access_ttl,
      AuthorizationCode: 60,
      IdToken: 3600,
      Interaction: 3600,
      Session: 24 * 3600,
      Grant: 14 * 24 * 3600,
    },
  };
}

// GET /api/hello answers 200 to a live bearer token and 401 to all else.
function api(provider) {
  return async (ctx, next) => {
    if (ctx.path !== '/api/hello') {
      await next();
      return;
    }
    const [, value] = /^Bearer (\S+)$/.exec(ctx.get('authorization')) ?? [];
    const token = value && await provider.AccessToken.find(value);
    if (token?.isValid) {
      ctx.body = { hello: token.accountId };
      return;
    }
    ctx.status = 401;
    ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"');
    ctx.body = { error: 'invalid_token' };
  };
}

const input = createInterface({ input: process.stdin });
input.on('close', () => process.exit(0));
input.once('line', (line) => {
  const config = JSON.parse(line);
  const server = createServer().listen(config.port ?? 0, '127.0.0.1', () => {
    const address = `http://127.0.0.1:${server.address().port}`;
    const issuer = config.issuer ?? address;
    const provider = new Provider(issuer, configuration(config));
    provider.use(api(provider));
    provider.on('server_error', (_ctx, error) => console.error(error));
    server.on('request', provider.callback());
    console.log(JSON.stringify({ issuer, address }));
  });
});
