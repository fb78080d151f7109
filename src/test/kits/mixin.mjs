import assert from 'node:assert/strict';
import {MixinApi, base64RawURLEncode, getED25519KeyPair} from '@mixin.dev/mixin-node-sdk';
import {allow, at, done, secret} from './sandbox.mjs';

// The kit signs for ids that are UUIDs alone.
const app = '5c8f4f7e-3a0b-4a35-9d62-0d1c7c1f2b11';

const requestConfig = {baseURL: at('https://api.mixin.one/').replace(/\/$/, '')};
const asked = new URL('https://mixin.one/oauth/authorize');
asked.search = new URLSearchParams({client_id: app, scope: 'PROFILE:READ ASSETS:READ', state: 's-_'});
const back = await allow(asked);

const {seed, publicKey} = getED25519KeyPair();
const {scope, authorization_id} = await MixinApi({requestConfig}).oauth.getToken({
  client_id: app,
  code: back.get('code'),
  ed25519: base64RawURLEncode(publicKey),
  client_secret: secret,
});
assert.ok(scope.includes('ASSETS:READ'));
const keystore = {
  app_id: app,
  scope,
  authorization_id,
  session_private_key: Buffer.from(seed).toString('hex'),
};
const user = await MixinApi({keystore, requestConfig}).user.profile();
assert.equal(user.full_name, 'Alice');
done();
