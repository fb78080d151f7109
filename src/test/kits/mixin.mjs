import assert from 'node:assert/strict';
import {MixinApi, base64RawURLEncode, getED25519KeyPair} from '@mixin.dev/mixin-node-sdk';
import {allow, at, client, done, secret} from './sandbox.mjs';

const requestConfig = {baseURL: at('https://api.mixin.one/').replace(/\/$/, '')};
const asked = new URL('https://mixin.one/oauth/authorize');
asked.search = new URLSearchParams({client_id: client('mixin'), scope: 'PROFILE:READ ASSETS:READ', state: 's-_'});
const back = await allow(asked);

const {seed, publicKey} = getED25519KeyPair();
const {scope, authorization_id} = await MixinApi({requestConfig}).oauth.getToken({
  client_id: client('mixin'),
  code: back.get('code'),
  ed25519: base64RawURLEncode(publicKey),
  client_secret: secret,
});
assert.ok(scope.includes('ASSETS:READ'));
const keystore = {
  app_id: client('mixin'),
  scope,
  authorization_id,
  session_private_key: Buffer.from(seed).toString('hex'),
};
const user = await MixinApi({keystore, requestConfig}).user.profile();
assert.equal(user.full_name, 'Alice');
done();
