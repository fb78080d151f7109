import assert from 'node:assert/strict';
import {OAuth2Client} from 'google-auth-library';
import {allow, at, callback, client, done, secret} from './sandbox.mjs';

const kit = new OAuth2Client({
  clientId: client('google'),
  clientSecret: secret,
  redirectUri: callback('google'),
  endpoints: {
    oauth2TokenUrl: at('https://oauth2.googleapis.com/token'),
    oauth2RevokeUrl: at('https://oauth2.googleapis.com/revoke'),
    tokenInfoUrl: at('https://oauth2.googleapis.com/tokeninfo'),
    oauth2FederatedSignonPemCertsUrl: at('https://www.googleapis.com/oauth2/v1/certs'),
  },
});
const {codeVerifier, codeChallenge} = await kit.generateCodeVerifierAsync();
const back = await allow(kit.generateAuthUrl({
  access_type: 'offline',
  prompt: 'consent',
  scope: ['openid', 'email', 'https://www.googleapis.com/auth/calendar.readonly'],
  code_challenge: codeChallenge,
  code_challenge_method: 'S256',
}));
const {tokens} = await kit.getToken({code: back.get('code'), codeVerifier});
const ticket = await kit.verifyIdToken({idToken: tokens.id_token, audience: client('google')});
assert.ok(ticket.getUserId());
const info = await kit.getTokenInfo(tokens.access_token);
assert.ok(info.scopes.includes('https://www.googleapis.com/auth/calendar.readonly'));
assert.equal(info.aud, client('google'));
// As older kits ask.
const older = await fetch(`https://oauth2.googleapis.com/tokeninfo?access_token=${tokens.access_token}`);
assert.equal((await older.json()).aud, client('google'));
const listed = await fetch(
  `https://www.googleapis.com/calendar/v3/users/me/calendarList?access_token=${tokens.access_token}`);
assert.equal(listed.status, 200);

kit.setCredentials({refresh_token: tokens.refresh_token});
const {token} = await kit.getAccessToken();
const reply = await kit.request({url: at('https://www.googleapis.com/calendar/v3/users/me/calendarList')});
assert.equal(reply.data.kind, 'calendar#calendarList');
await kit.revokeToken(token);
await assert.rejects(kit.getTokenInfo(token));
done();
