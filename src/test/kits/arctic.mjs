import assert from 'node:assert/strict';
import * as arctic from 'arctic';
import {allow, callback, client, done, secret} from './sandbox.mjs';

const provider = process.argv[2];
const id = client(provider);
const back = callback(provider);
// With dashes and underscores, as kits make them.
const state = arctic.generateState() + '-_';
const verifier = arctic.generateCodeVerifier();

async function withVerifier(kit, scopes) {
  const answer = await allow(kit.createAuthorizationURL(state, verifier, scopes));
  assert.equal(answer.get('state'), state);
  return kit.validateAuthorizationCode(answer.get('code'), verifier);
}

async function withoutVerifier(kit, scopes) {
  const answer = await allow(kit.createAuthorizationURL(state, scopes));
  assert.equal(answer.get('state'), state);
  return kit.validateAuthorizationCode(answer.get('code'));
}

async function read(address, token) {
  const reply = await fetch(address, {headers: {authorization: `Bearer ${token}`, 'user-agent': 'kits'}});
  assert.equal(reply.status, 200, await reply.clone().text());
  return reply.json();
}

const walks = {
  async discord() {
    const kit = new arctic.Discord(id, secret, back);
    const tokens = await withVerifier(kit, ['identify', 'guilds']);
    const renewed = await kit.refreshAccessToken(tokens.refreshToken());
    const me = await read('https://discord.com/api/v10/users/@me', renewed.accessToken());
    assert.equal(me.username, 'alice');
    await kit.revokeToken(renewed.accessToken());
  },
  async entra() {
    const kit = new arctic.MicrosoftEntraId('common', id, secret, back);
    const scopes = ['openid', 'offline_access', 'User.Read'];
    const tokens = await withVerifier(kit, scopes);
    const renewed = await kit.refreshAccessToken(tokens.refreshToken(), scopes);
    assert.equal((await read('https://graph.microsoft.com/v1.0/me', renewed.accessToken())).displayName, 'Alice');
  },
  async facebook() {
    const kit = new arctic.Facebook(id, secret, back);
    const tokens = await withoutVerifier(kit, ['email', 'public_profile']);
    assert.ok(tokens.accessTokenExpiresInSeconds() > 0);
  },
  async github() {
    const kit = new arctic.GitHub(id, secret, back);
    const tokens = await withoutVerifier(kit, ['gist', 'read:user']);
    assert.equal((await read('https://api.github.com/user', tokens.accessToken())).login, 'alice');
  },
  async google() {
    const kit = new arctic.Google(id, secret, back);
    const tokens = await withVerifier(kit, ['openid', 'email']);
    assert.ok(arctic.decodeIdToken(tokens.idToken()).sub);
    await kit.revokeToken(tokens.accessToken());
  },
  async kakao() {
    const kit = new arctic.Kakao(id, secret, back);
    const tokens = await withoutVerifier(kit, ['profile_nickname', 'account_email']);
    const renewed = await kit.refreshAccessToken(tokens.refreshToken());
    assert.ok((await read('https://kapi.kakao.com/v2/user/me', renewed.accessToken())).id);
  },
  async line() {
    const kit = new arctic.Line(id, secret, back);
    const tokens = await withVerifier(kit, ['openid', 'profile']);
    const renewed = await kit.refreshAccessToken(tokens.refreshToken());
    assert.equal((await read('https://api.line.me/v2/profile', renewed.accessToken())).displayName, 'Alice');
  },
};

await walks[provider]();
done();
