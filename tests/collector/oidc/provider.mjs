// SPDX-License-Identifier: BSD-2-Clause
// A real OpenID Connect provider (oidc-provider) on a free loopback port, whose people sign in without being asked. Its first line
// says the port; with a certificate and its key, it speaks https. POST /control {account, tamper, alg} says who signs in next, and how the next ID tokens are spoiled: claims that
// are set or (null) taken out, another key, or no signature at all.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { decodeJwt, importJWK, SignJWT } from 'jose'
import Provider from 'oidc-provider'

const clients = JSON.parse(process.argv[2])
const [certificate, key] = process.argv.slice(3) // https with these
const state = { account: 'alice', verified: true, tamper: null }

const make = (alg, type, options) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: randomUUID() })
const keys = [make('RS256', 'rsa', { modulusLength: 2048 }), make('ES256', 'ec', { namedCurve: 'P-256' }), make('EdDSA', 'ed25519', {})]
const foreign = make('RS256', 'rsa', { modulusLength: 2048 })

let provider
const serve = async (request, response) => {
  try {
    if (request.url === '/control') await control(request, response)
    else if (request.url.startsWith('/interaction/')) await interact(request, response)
    else provider.callback()(request, response)
  } catch (error) {
    response.writeHead(500).end(String(error))
  }
}
const server = key ? createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, serve) : createServer(serve)

async function control(request, response) {
  let text = ''
  for await (const part of request) text += part
  Object.assign(state, { tamper: null, verified: true }, JSON.parse(text))
  response.end('{}')
}

async function interact(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response)
  let result = { login: { accountId: state.account } }
  if (state.account === null) {
    result = { error: 'access_denied', error_description: 'no' }
  } else if (prompt.name === 'consent') {
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
    grant.addOIDCScope('openid email profile')
    result = { consent: { grantId: await grant.save() } }
  }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
}

async function spoil(token) {
  const { alg, foreign: other, ...claims } = state.tamper
  const said = { ...decodeJwt(token), ...claims }
  for (const key of Object.keys(said)) if (said[key] === null) delete said[key]
  if (alg === 'none') {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
    return `${part({ alg: 'none' })}.${part(said)}.`
  }
  const key = other ? foreign : keys[0]
  return new SignJWT(said).setProtectedHeader({ alg: 'RS256', ...(other ? {} : { kid: key.kid }) }).sign(await importJWK(key, 'RS256'))
}

server.listen(0, '127.0.0.1', () => {
  const port = server.address().port
  provider = new Provider(`http${key ? 's' : ''}://localhost:${port}`, {
    clients,
    jwks: { keys },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
    pkce: { methods: ['S256'], required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ['test'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: state.verified, name: `Name of ${id}` }),
    }),
    renderError: (context, out) => { context.body = JSON.stringify(out) },
  })
  provider.use(async (context, next) => {
    await next()
    if (context.path === '/token' && state.tamper && context.body?.id_token) {
      context.body = { ...context.body, id_token: await spoil(context.body.id_token) }
    }
  })
  console.log(port)
})
process.stdin.resume().on('end', () => process.exit(0)) // it goes with the test
