import assert from 'node:assert/strict';
import {OAuthApp, Octokit} from 'octokit';
import {allow, callback, client, done, secret} from './sandbox.mjs';

const app = new OAuthApp({clientType: 'oauth-app', clientId: client('github'), clientSecret: secret});
const {url} = app.getWebFlowAuthorizationUrl({scopes: ['gist', 'read:user'], redirectUrl: callback('github')});
const back = await allow(url);
const {authentication} = await app.createToken({code: back.get('code'), state: back.get('state')});
// GitHub joins them by commas, and this kit splits at spaces.
assert.equal(authentication.scopes.join(','), 'gist,read:user');

const login = async (auth) => (await new Octokit({auth}).rest.users.getAuthenticated()).data.login;
assert.equal(await login(authentication.token), 'alice');

const checked = await app.checkToken({token: authentication.token});
assert.equal(checked.data.token, authentication.token);
const reset = await app.resetToken({token: authentication.token});
assert.notEqual(reset.data.token, authentication.token);
await assert.rejects(login(authentication.token), {status: 401});
assert.equal(await login(reset.data.token), 'alice');
await app.deleteToken({token: reset.data.token});
await assert.rejects(login(reset.data.token), {status: 401});
done();
