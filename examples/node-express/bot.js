// A bot whose chat is a web page. A browser stands for a chat user; a real bot knows its users from the messenger.
import { randomUUID } from 'node:crypto';
import express from 'express';
import { access, grantbook, isGenuine, rejected } from './grantbook.js';

const port = process.env.PORT ?? 3000;
const here = `http://localhost:${port}`;
const mixin = process.env.MIXIN_URL ?? `${grantbook}/sandbox/at/mixin`;
const webhookSecret = process.env.WEBHOOK_SECRET;

const bot = express().disable('x-powered-by');

bot.use((request, response, next) => {
  const known = /(?:^|; )user=([0-9a-f-]{36})(?:;|$)/.exec(request.headers.cookie ?? '');
  response.locals.user = known?.[1] ?? randomUUID();
  response.cookie('user', response.locals.user, { httpOnly: true, sameSite: 'lax' });
  response.set({ 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" });
  next();
});

bot.get('/', (request, response) => response.send(chat('I can add up what you own.')));

// The user comes back here too: the bot goes on with what the user wanted.
bot.get('/portfolio', async (request, response) => {
  const ask = () => access(response.locals.user, 'portfolio', `${here}/portfolio`);
  let answer = await ask();
  if (answer.status === 'authorized') {
    const reply = await fetch(`${mixin}/assets`, { headers: { authorization: `Bearer ${answer.access_token}` } });
    const body = await reply.json();
    if (body.data) {
      const assets = body.data.map((asset) => `${asset.balance} ${asset.symbol}`).join(', ');
      return response.send(chat(`${answer.account.name}, you own ${assets}.`));
    }
    // Grantbook finds out whether the token is dead, a scope is missing, or it was something that passes.
    await rejected(response.locals.user, reply.status, body);
    answer = await ask();
  }
  const why = {
    authorized: 'That did not work. Please ask me again.',
    missing_scopes: 'I still lack a permission for that.',
  };
  response.send(chat(why[answer.status] ?? 'I need your permission for that.', answer.link?.url));
});

// A message can come twice. A real bot keeps these ids where a restart does not lose them, and forgets them after some days.
const heard = new Set();

// Where Grantbook may tell at once what the bot would else learn at its next question.
bot.post('/grantbook', express.raw({ type: 'application/json' }), (request, response) => {
  if (!webhookSecret || !isGenuine(request.headers, request.body, webhookSecret)) return response.sendStatus(401);
  const id = request.headers['webhook-id'];
  if (!heard.has(id)) console.log(`Grantbook tells: ${JSON.parse(request.body).type}`);
  heard.add(id);
  response.sendStatus(204);
});

// What went wrong is for the log, not for the chat.
bot.use((problem, request, response, next) => {
  console.error(problem.message);
  response.status(500).send(chat('Something went wrong. Please try again later.'));
});

bot.listen(port, '127.0.0.1', () => console.log(`The bot listens at ${here}`));

function chat(text, link) {
  return `<!DOCTYPE html>
<html lang="en">
<meta name="viewport" content="width=device-width">
<title>A bot</title>
<h1>A bot</h1>
<p>${escape(text)}</p>
${link ? `<p><a href="${escape(link)}">Give permission</a></p>` : '<form action="/portfolio"><button>Show my portfolio</button></form>'}
</html>`;
}

function escape(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
