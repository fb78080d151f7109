import assert from 'node:assert/strict';
import {ConfidentialClientApplication, CryptoProvider} from '@azure/msal-node';
import {allow, callback, client, done, secret} from './sandbox.mjs';

async function send(url, method, options = {}) {
  const reply = await fetch(url, {method, headers: options.headers, body: options.body});
  return {headers: Object.fromEntries(reply.headers), body: await reply.json(), status: reply.status};
}

const kit = new ConfidentialClientApplication({
  auth: {
    clientId: client('entra'),
    clientSecret: secret,
    authority: 'https://login.microsoftonline.com/common',
  },
  system: {
    networkClient: {
      sendGetRequestAsync: (url, options) => send(url, 'GET', options),
      sendPostRequestAsync: (url, options) => send(url, 'POST', options),
    },
  },
});
const {verifier, challenge} = await new CryptoProvider().generatePkceCodes();
const scopes = ['User.Read', 'Calendars.Read'];
const redirectUri = callback('entra');
const back = await allow(await kit.getAuthCodeUrl({
  scopes,
  redirectUri,
  state: 's-_',
  codeChallenge: challenge,
  codeChallengeMethod: 'S256',
}));
const result = await kit.acquireTokenByCode({code: back.get('code'), scopes, redirectUri, codeVerifier: verifier});
assert.ok(result.accessToken);
assert.equal(result.account.username, 'alice@example.com');
const again = await kit.acquireTokenSilent({account: result.account, scopes, forceRefresh: true});
assert.notEqual(again.accessToken, result.accessToken);
done();
