import assert from 'node:assert/strict';
import {WebClient} from '@slack/web-api';
import {allow, at, callback, client, done, secret} from './sandbox.mjs';

const slackApiUrl = at('https://slack.com/api/');
const kit = new WebClient(undefined, {slackApiUrl, retryConfig: {retries: 0}});
const asked = new URL('https://slack.com/oauth/v2/authorize');
asked.search = new URLSearchParams({
  client_id: client('slack'),
  scope: 'chat:write,channels:history',
  user_scope: 'search:read',
  redirect_uri: callback('slack'),
  state: 's-_',
});
const back = await allow(asked);
const app = {client_id: client('slack'), client_secret: secret};
const installed = await kit.oauth.v2.access({...app, code: back.get('code'), redirect_uri: callback('slack')});
assert.equal(installed.token_type, 'bot');
const renewed = await kit.oauth.v2.access({
  ...app,
  grant_type: 'refresh_token',
  refresh_token: installed.refresh_token,
});
const bot = new WebClient(renewed.access_token, {slackApiUrl, retryConfig: {retries: 0}});
assert.equal((await bot.auth.test()).ok, true);
assert.equal((await bot.chat.postMessage({channel: 'C0SANDBOX', text: 'hello'})).ok, true);
assert.equal((await kit.auth.test({token: installed.authed_user.access_token})).ok, true);
assert.equal((await bot.auth.revoke()).revoked, true);
await assert.rejects(bot.auth.test(), /invalid_auth/);
done();
