#!/usr/bin/env node
// The command of the installed package. Plain JavaScript without imports of its own, so that an older Node gets as far as the message.
const wanted = 24
// How much of what a device has just made is not looked through yet, in MB. Without a bound Node lets it grow to 64 under load, several times over in
// resident memory; package.json starts a checkout with the same one. Only the start of a process can set it.
const young = '--max-semi-space-size=8'
const chosen = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some(option => /max[-_]semi[-_]space[-_]size/.test(option))
if (Number.parseInt(process.versions.node, 10) < wanted) {
  console.error(`kinmesh needs Node ${wanted} or newer; this is ${process.version}`)
  process.exitCode = 1
} else if (process.execve && process.platform !== 'win32' && process.argv.includes('up') && !chosen) {
  // The same process starts over, before it has loaded anything. Other commands end too soon to need it.
  process.execve(process.execPath, [process.execPath, ...process.execArgv, young, ...process.argv.slice(1)])
} else {
  await import('../dist/clients/cli/main.js')
}
