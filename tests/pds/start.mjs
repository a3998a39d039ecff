// A PDS with a directory of its own, in memory and in one folder, on the loopback alone.
//   node start.mjs FOLDER PDS_PORT PLC_PORT      prints "ready" when both answer
import net from 'node:net'
import crypto from 'node:crypto'
import path from 'node:path'

// Both would listen on every interface.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === 'number' || typeof port === 'string'
    ? listen.call(this, { port: Number(port), host: '127.0.0.1' }, ...rest.filter((one) => typeof one === 'function'))
    : listen.call(this, port, ...rest)
}

const [folder, pdsPort, plcPort] = process.argv.slice(2)
const { PlcServer, Database } = (await import('@did-plc/server')).default
const { PDS, envToCfg, envToSecrets, readEnv } = await import('@atproto/pds')

const plc = PlcServer.create({ db: Database.mock(), port: Number(plcPort) })
await plc.start()

Object.assign(process.env, {
  PDS_HOSTNAME: 'localhost',
  PDS_PORT: pdsPort,
  PDS_DATA_DIRECTORY: folder,
  PDS_BLOBSTORE_DISK_LOCATION: path.join(folder, 'blobs'),
  PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: crypto.randomBytes(32).toString('hex'),
  PDS_DPOP_SECRET: crypto.randomBytes(32).toString('hex'),
  PDS_JWT_SECRET: crypto.randomBytes(16).toString('hex'),
  PDS_ADMIN_PASSWORD: crypto.randomBytes(16).toString('hex'),
  PDS_DID_PLC_URL: `http://127.0.0.1:${plcPort}`,
  PDS_INVITE_REQUIRED: '0',
  PDS_DEV_MODE: '1',
  PDS_DISABLE_SSRF_PROTECTION: '1',
  PDS_SERVICE_HANDLE_DOMAINS: '.test',
  LOG_ENABLED: process.env.LOG_ENABLED ?? 'false',
})
const env = readEnv()
const pds = await PDS.create(envToCfg(env), envToSecrets(env))
await pds.start()
console.log('ready')

// Ends with whoever started it: its standard input is a pipe of theirs.
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))
