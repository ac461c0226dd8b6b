// A real OpenID provider (npm oidc-provider) on loopback: PKCE required, groups claim, RP-initiated and back-channel logout.
// Env: PORT, RP (redirect URI), BCL (back-channel logout URI), POST_LOGOUT, CLAIMS_BY_USERINFO=1 (claims in userinfo only).
// Clients: `app` (basic), `post` (post), `public` (no secret), and one per algorithm: `PS256`, `ES256`, `EdDSA`.
// Any password is right for the known accounts.
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const port = Number(process.env.PORT);
const users = {
  alice: { name: 'Alice Adams', email: 'alice@example.org', email_verified: true, groups: ['staff', 'compliance'] },
  eve: { name: 'Eve', email: 'eve@example.org', email_verified: false, groups: [] },
};
const jwk = (kid, type, options) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), kid, use: 'sig' });
const client = (client_id, more) => ({
  client_id, client_secret: 'app secret: %41+&=', redirect_uris: [process.env.RP], grant_types: ['authorization_code'], response_types: ['code'],
  post_logout_redirect_uris: [process.env.POST_LOGOUT], backchannel_logout_uri: process.env.BCL, backchannel_logout_session_required: true, ...more,
});
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    client('app'),
    client('post', { token_endpoint_auth_method: 'client_secret_post' }),
    client('public', { token_endpoint_auth_method: 'none', client_secret: undefined }),
    ...['PS256', 'ES256', 'EdDSA'].map((id_token_signed_response_alg) => client(id_token_signed_response_alg, { id_token_signed_response_alg })),
  ],
  jwks: { keys: [jwk('r', 'rsa', { modulusLength: 2048 }), jwk('e', 'ec', { namedCurve: 'P-256' }), jwk('o', 'ed25519')] },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
  pkce: { required: () => true },
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'], groups: ['groups'] },
  scopes: ['openid', 'profile', 'email', 'groups'],
  conformIdTokenClaims: process.env.CLAIMS_BY_USERINFO === '1',
  features: { backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true }, devInteractions: { enabled: true } },
  // The package refuses to call private addresses; on loopback the back channel needs that guard off.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  cookies: { keys: ['throwaway'] },
  ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 3600, Grant: 3600 },
  findAccount: async (ctx, id) => users[id] && { accountId: id, claims: async () => ({ sub: id, preferred_username: id, ...users[id] }) },
});
provider.on('server_error', (ctx, e) => console.error('server_error', e));
provider.on('backchannel.error', (ctx, e) => console.error('backchannel.error', e.message, e.cause?.message));
provider.listen(port, '127.0.0.1', () => console.log('ready'));
