// Leads what a kit sends to a provider to the sandbox, and asks the test to be the user. The kits themselves are as they come.

import readline from 'node:readline';

const {SANDBOX, SECRET, CALLBACK} = process.env;

const PROVIDERS = {
  'accounts.google.com': 'google',
  'oauth2.googleapis.com': 'google',
  'www.googleapis.com': 'google',
  'openidconnect.googleapis.com': 'google',
  'access.line.me': 'line',
  'api.line.me': 'line',
  'api.github.com': 'github',
  'github.com': 'github',
  'api.mixin.one': 'mixin',
  'mixin.one': 'mixin',
  'discord.com': 'discord',
  'graph.facebook.com': 'facebook',
  'www.facebook.com': 'facebook',
  'graph.microsoft.com': 'entra',
  'login.microsoftonline.com': 'entra',
  'kapi.kakao.com': 'kakao',
  'kauth.kakao.com': 'kakao',
  'slack.com': 'slack',
};

export const secret = SECRET;

export const client = (provider) => `${provider}-client`;

export const callback = (provider) => CALLBACK + provider;

/** The same address at the sandbox. */
export function at(address) {
  if (String(address).startsWith(SANDBOX)) {
    return address;
  }
  const url = new URL(address);
  const provider = PROVIDERS[url.host];
  if (!provider) {
    throw new Error(`nobody emulates ${url.host}`);
  }
  return `${SANDBOX}${provider}${url.pathname}${url.search}`;
}

const send = globalThis.fetch;

globalThis.fetch = async (input, options) => {
  const request = new Request(input, options);
  const body = ['GET', 'HEAD'].includes(request.method) ? undefined : await request.arrayBuffer();
  return send(at(request.url), {method: request.method, headers: request.headers, body, redirect: 'manual'});
};

const lines = readline.createInterface({input: process.stdin})[Symbol.asyncIterator]();

/** The user allows what the address asks: the parameters that come back. */
export async function allow(address) {
  console.log(`kit: ${at(address)}`);
  const {value} = await lines.next();
  const back = new URL(value).searchParams;
  if (!back.get('code')) {
    throw new Error(`no code in ${value}`);
  }
  return back;
}

export function done() {
  console.log('kit: done');
  process.exit(0);
}
