// The three things a bot does with Grantbook: ask, tell what the provider refused, and listen.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const grantbook = process.env.GRANTBOOK_URL ?? 'http://localhost:8080';

const key =
  process.env.GRANTBOOK_KEY ?? readFileSync(new URL('../../data/demo-api-key', import.meta.url), 'utf8').trim();

/** May the bot do what this feature needs for this user? The answer holds the token, or a link for the user. */
export function access(subject, feature, returnTo) {
  return call('/access', { connector: 'demo-mixin', subject, features: [feature], return_to: returnTo });
}

/** Tells what the provider said to a call with the user's token. The next answer to access() takes it into account. */
export async function rejected(subject, status, body) {
  const { grants } = await call(`/grants?${new URLSearchParams({ connector: 'demo-mixin', subject, status: 'active' })}`);
  for (const grant of grants) await call(`/grants/${grant.id}/rejected`, { status, body });
}

async function call(path, question) {
  const reply = await fetch(`${grantbook}/api/v1${path}`, {
    method: question ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: question && JSON.stringify(question),
  });
  const answer = await reply.json();
  if (!reply.ok) throw new Error(answer.detail);
  return answer;
}

/**
 * Whether a delivery is Grantbook's and not older than five minutes (https://www.standardwebhooks.com).
 * @param body the bytes; anything else was not read as a delivery's are
 */
export function isGenuine(headers, body, secret, now = Date.now()) {
  if (!Buffer.isBuffer(body)) return false;
  const sent = `${headers['webhook-id']}.${headers['webhook-timestamp']}.`;
  const expected = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64')).update(sent).update(body).digest();
  const fresh = Math.abs(now / 1000 - Number(headers['webhook-timestamp'])) < 300;
  // Several signatures come while the secret is being changed.
  return fresh && (headers['webhook-signature'] ?? '').split(' ').some((signature) => {
    const given = Buffer.from(signature.replace('v1,', ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
