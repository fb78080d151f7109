// Reads the description of the API, as it is served, with the tools that bots' developers have.

import assert from 'node:assert/strict';
import {readFile, writeFile} from 'node:fs/promises';
import SwaggerParser from '@apidevtools/swagger-parser';
import {createConfig, lintFromString, stringifyYaml, parseYaml} from '@redocly/openapi-core';
import openapiTS, {astToString} from 'openapi-typescript';
import typescript from 'typescript';

const address = process.argv[2];

async function served(type) {
  const reply = await fetch(address, {headers: {accept: type}});
  assert.equal(reply.status, 200);
  assert.ok(reply.headers.get('content-type').startsWith(type), reply.headers.get('content-type'));
  return reply.text();
}

const yaml = await served('application/yaml');
const json = JSON.parse(await served('application/json'));
assert.deepEqual(JSON.parse(JSON.stringify(parseYaml(yaml))), json);

await SwaggerParser.validate(structuredClone(json));

const config = await createConfig({extends: ['recommended']});
const problems = await lintFromString({source: yaml, absoluteRef: 'openapi.yaml', config});
const errors = problems.filter((problem) => problem.severity === 'error' && !problem.ignored);
assert.deepEqual(errors.map((error) => `${error.ruleId}: ${error.message} ${error.location[0]?.pointer}`), []);

await writeFile('api.ts', astToString(await openapiTS(structuredClone(json))));
await writeFile('bot.ts', `
import type {paths} from './api';
type Answer = paths['/api/v1/access']['post']['responses']['200']['content']['application/json'];
export const status = (answer: Answer): 'authorized' | 'missing_scopes' | 'not_authorized' | 'unconfirmed' | 'expired' | 'revoked' =>
  answer.status;
`);
const program = typescript.createProgram(['api.ts', 'bot.ts'], {noEmit: true, strict: true, types: []});
const complaints = typescript.getPreEmitDiagnostics(program);
assert.equal(complaints.length, 0, typescript.formatDiagnostics(complaints, {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => '.',
  getNewLine: () => '\n',
}));
console.log('kit: done');
process.exit(0);
