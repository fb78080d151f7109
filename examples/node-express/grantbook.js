// The two things a bot does with Grantbook: ask, and listen.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const grantbook = process.env.GRANTBOOK_URL ?? 'http://localhost:8080';

const key =
  process.env.GRANTBOOK_KEY ?? readFileSync(new URL('../../data/demo-api-key', import.meta.url), 'utf8').trim();

/** May the bot do what this feature needs for this user? The answer holds the token, or a link for the user. */
export async function access(subject, feature, returnTo) {
  const reply = await fetch(`${grantbook}/api/v1/access`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ connector: 'demo-mixin', subject, features: [feature], return_to: returnTo }),
  });
  const answer = await reply.json();
  if (!reply.ok) throw new Error(answer.detail);
  return answer;
}

/** Whether a delivery is Grantbook's and not older than five minutes (https://www.standardwebhooks.com). */
export function isGenuine(headers, body, secret, now = Date.now()) {
  const sent = `${headers['webhook-id']}.${headers['webhook-timestamp']}.`;
  const expected = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64')).update(sent).update(body).digest();
  const fresh = Math.abs(now / 1000 - Number(headers['webhook-timestamp'])) < 300;
  // Several signatures come while the secret is being changed.
  return fresh && (headers['webhook-signature'] ?? '').split(' ').some((signature) => {
    const given = Buffer.from(signature.replace('v1,', ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
