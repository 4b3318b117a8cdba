#!/usr/bin/env node
// The command of the installed package. Plain JavaScript without imports of its own, so that an older Node gets as far as the message.
const wanted = 24
if (Number.parseInt(process.versions.node, 10) >= wanted) {
  await import('../dist/clients/cli/main.js')
} else {
  console.error(`kinmesh needs Node ${wanted} or newer; this is ${process.version}`)
  process.exitCode = 1
}
