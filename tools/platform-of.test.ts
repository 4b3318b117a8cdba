import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { platformOf } from './platform-of.ts'

test('reads the platform off the name', () => {
  assert.equal(platformOf('@oxlint/binding-linux-arm-musleabihf'), { os: ['linux'], cpu: ['arm'], libc: ['musl'] })
  assert.equal(platformOf('@oxc-parser/binding-linux-x64-gnu'), { os: ['linux'], cpu: ['x64'], libc: ['glibc'] })
  assert.equal(platformOf('@oxlint-tsgolint/win32-arm64'), { os: ['win32'], cpu: ['arm64'] })
  assert.equal(platformOf('@node-llama-cpp/mac-arm64-metal'), { os: ['darwin'], cpu: ['arm64'] })
  assert.equal(platformOf('@node-llama-cpp/win-x64'), { os: ['win32'], cpu: ['x64'] })
  assert.equal(platformOf('@oxlint/binding-android-arm-eabi'), { os: ['android'], cpu: ['arm'] })
})

test('leaves other names alone', () => {
  for (const name of ['fsevents', '@oxc-parser/binding-wasm32-wasi', 'linux-wasm', '']) assert.is(platformOf(name), undefined)
})

test.run()
